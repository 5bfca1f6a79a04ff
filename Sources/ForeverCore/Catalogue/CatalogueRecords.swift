import Foundation

/// A file as it was when it was last looked at.
public struct FileRecord: Hashable, Sendable {
    public var path: String
    public var byteCount: Int64
    public var modifiedNanoseconds: Int64
    /// `ContentKey.text`; nil where it could not be read.
    public var contentKey: String?
    /// Its tags as JSON.
    public var tags: Data?
    /// Why it cannot play, nil where nothing speaks against it.
    public var problem: String?
    /// When the corrections beside it last changed, since 1970; nil where there are none. **Units:** ns.
    public var sidecarNanoseconds: Int64?

    public init(
        path: String, byteCount: Int64, modifiedNanoseconds: Int64, contentKey: String? = nil, tags: Data? = nil,
        problem: String? = nil, sidecarNanoseconds: Int64? = nil
    ) {
        self.path = path
        self.byteCount = byteCount
        self.modifiedNanoseconds = modifiedNanoseconds
        self.contentKey = contentKey
        self.tags = tags
        self.problem = problem
        self.sidecarNanoseconds = sidecarNanoseconds
    }
}

/// One count of stream positions: what was begun, when, and with which settings.
public struct EpochRecord: Hashable, Sendable {
    /// 64 random bits in hexadecimal.
    public var epoch: String
    public var bitrateKbps: Int
    /// Since 1970. **Units:** ms.
    public var createdAtMilliseconds: Int64
    /// Settings that the mix depends on, as JSON.
    public var settings: Data

    public init(epoch: String, bitrateKbps: Int, createdAtMilliseconds: Int64, settings: Data) {
        self.epoch = epoch
        self.bitrateKbps = bitrateKbps
        self.createdAtMilliseconds = createdAtMilliseconds
        self.settings = settings
    }
}

/// Which position the live edge had at which time.
public struct AnchorRecord: Hashable, Sendable {
    public var position: Int64
    public var monotonicNanoseconds: Int64
    public var wallMilliseconds: Int64

    public init(position: Int64, monotonicNanoseconds: Int64, wallMilliseconds: Int64) {
        self.position = position
        self.monotonicNanoseconds = monotonicNanoseconds
        self.wallMilliseconds = wallMilliseconds
    }
}

/// One entry of the journal.
public struct DecisionRecord: Hashable, Sendable {
    /// 0, 1, 2 ... within its epoch, without a hole.
    public var sequence: Int64
    /// Stream position from which on it is heard.
    public var effectivePosition: Int64
    public var json: Data

    public init(sequence: Int64, effectivePosition: Int64, json: Data) {
        self.sequence = sequence
        self.effectivePosition = effectivePosition
        self.json = json
    }
}

/// What was measured of the transition that a decision made.
public struct TransitionReportRecord: Hashable, Sendable {
    public var epoch: String
    public var bitrateKbps: Int
    /// The decision's number.
    public var sequence: Int64
    public var json: Data

    public init(epoch: String, bitrateKbps: Int, sequence: Int64, json: Data) {
        self.epoch = epoch
        self.bitrateKbps = bitrateKbps
        self.sequence = sequence
        self.json = json
    }
}

/// One play.
public struct HistoryRecord: Hashable, Sendable {
    public var trackID: String
    public var artist: String?
    public var title: String?
    /// Where the sound came from: "file", "demo", a service's name.
    public var source: String?
    /// Where people find the track, for its attribution.
    public var link: String?
    public var epoch: String?
    public var position: Int64
    /// Since 1970. **Units:** ms.
    public var wallMilliseconds: Int64

    public init(
        trackID: String, artist: String?, title: String? = nil, source: String? = nil, link: String? = nil,
        epoch: String? = nil, position: Int64, wallMilliseconds: Int64
    ) {
        self.trackID = trackID
        self.artist = artist
        self.title = title
        self.source = source
        self.link = link
        self.epoch = epoch
        self.position = position
        self.wallMilliseconds = wallMilliseconds
    }
}

/// What somebody put right by hand about one content.
public struct CorrectionRecord: Hashable, Sendable {
    /// `ContentKey.text`, so that a moved file keeps it.
    public var content: String
    /// Who said so: a file beside the music, the operator.
    public var source: String
    public var json: Data
    /// Since 1970. **Units:** ms.
    public var changedMilliseconds: Int64

    public init(content: String, source: String, json: Data, changedMilliseconds: Int64) {
        self.content = content
        self.source = source
        self.json = json
        self.changedMilliseconds = changedMilliseconds
    }
}

/// A track that is to play, asked for and not decided yet.
public struct WishRecord: Hashable, Sendable {
    /// Given when it is stored; later wishes have higher numbers.
    public var id: Int64
    public var kind: String
    public var trackID: String
    /// Since 1970. **Units:** ms.
    public var askedMilliseconds: Int64

    public init(id: Int64 = 0, kind: String, trackID: String, askedMilliseconds: Int64) {
        self.id = id
        self.kind = kind
        self.trackID = trackID
        self.askedMilliseconds = askedMilliseconds
    }
}
