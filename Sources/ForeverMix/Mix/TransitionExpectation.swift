/// What a plan promises of a transition, before anything is rendered.
public struct TransitionExpectation: Codable, Hashable, Sendable {
    /// The quietest moment of the overlap against the quieter side. **Units:** LU.
    public var dip: Double
    /// The loudest moment against the louder side. **Units:** LU.
    public var bump: Double
    /// The largest change between the spectra of two seconds and the next two; nil where that is not foreseen.
    /// **Units:** dB.
    public var spectralJump: Double?
    /// How long both basses sound. **Units:** s.
    public var bassOverlapSeconds: Double
    /// Fifths between the two keys, 0 ... 6; nil where a key is not known.
    public var keyDistance: Int?
    /// How far each track's speed is pushed at most. **Units:** per cent.
    public var outgoingStretchPercent: Double
    public var incomingStretchPercent: Double

    public init(
        dip: Double, bump: Double, spectralJump: Double? = nil, bassOverlapSeconds: Double, keyDistance: Int? = nil,
        outgoingStretchPercent: Double = 0, incomingStretchPercent: Double = 0
    ) {
        self.dip = dip
        self.bump = bump
        self.spectralJump = spectralJump
        self.bassOverlapSeconds = bassOverlapSeconds
        self.keyDistance = keyDistance
        self.outgoingStretchPercent = outgoingStretchPercent
        self.incomingStretchPercent = incomingStretchPercent
    }
}
