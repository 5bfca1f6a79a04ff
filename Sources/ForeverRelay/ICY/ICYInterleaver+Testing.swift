extension ICYInterleaver {
    /// `leaveTrack`, for tests outside this module.
    package mutating func goToAnotherTrack() { leaveTrack() }
}
