/// Which tracks a station may play, and why not the others.
///
/// By default those that are `playable` under a licence that allows derivatives, which a beat-matched mix is; for a
/// commercial station never those that forbid commerce. `beyondLicences` is for an operator who has the uploaders'
/// consent to mixing, or SoundCloud's, in writing.
public struct CloudTerms: Hashable, Sendable {
    public var isCommercial: Bool
    /// Also tracks whose licence does not allow mixing: somebody has said yes in writing.
    public var beyondLicences: Bool
    /// What may play. **Units:** s.
    public var lengthSeconds: ClosedRange<Double>

    /// The original's 90 to 400 s.
    public static let standardLengthSeconds = 90.0...400.0

    public init(
        isCommercial: Bool = false, beyondLicences: Bool = false,
        lengthSeconds: ClosedRange<Double> = CloudTerms.standardLengthSeconds
    ) {
        self.isCommercial = isCommercial
        self.beyondLicences = beyondLicences
        self.lengthSeconds = lengthSeconds
    }

    /// Why a track may not play.
    public enum Objection: Hashable, Sendable, CustomStringConvertible {
        case notPlayable(CloudTrack.Access)
        case notPublic
        case licence(CloudLicence)
        case commerce(CloudLicence)
        case length(Double)
        /// Nobody could be named, and the terms ask for that.
        case nobodyToName

        public var description: String {
            switch self {
            case .notPlayable(.preview): "only a preview may be played here"
            case .notPlayable: "its uploader lets no application play it here"
            case .notPublic: "it is private"
            case .licence(let licence): "its licence (\(licence.rawValue)) does not allow mixing"
            case .commerce(let licence): "its licence (\(licence.rawValue)) is not for a commercial station"
            case .length(let seconds): "\(Int(seconds.rounded())) s is not a length that this station plays"
            case .nobodyToName: "its uploader or its address is unknown, and both must be shown"
            }
        }
    }

    /// nil where the track may play.
    public func objection(to track: CloudTrack) -> Objection? {
        guard track.access == .playable else { return .notPlayable(track.access) }
        guard track.isPublic else { return .notPublic }
        guard beyondLicences || track.licence.allowsDerivatives else { return .licence(track.licence) }
        // Consent to mixing is none to earning money.
        guard !isCommercial || !track.licence.forbidsCommerce else { return .commerce(track.licence) }
        guard lengthSeconds.contains(track.durationSeconds) else { return .length(track.durationSeconds) }
        guard track.uploader != nil, track.link != nil else { return .nobodyToName }
        return nil
    }

    /// What an operator confirms before the source can be switched on. The first line is the one that matters most.
    public static let notice = """
        SoundCloud's help page names mixing its music with other content as not allowed; you may need SoundCloud's written consent.
        Forever beat-matches tracks into each other, which alters them: by default it plays only tracks whose licence allows that.
        You are the one who uses SoundCloud's API, under its terms: https://developers.soundcloud.com/docs/api/terms-of-use
        - no commercial use without consent, advertising included ("commercial": true leaves out the nc licences);
        - nothing is recorded, kept or played again later: sound stays in memory and is dropped after its play;
        - uploader, link and "SoundCloud" are shown wherever a track is; plays are not counted for the artist;
        - nothing here grants you the right to broadcast: that is for you to clear.
        Docs/SoundCloud.md says more.
        """
}
