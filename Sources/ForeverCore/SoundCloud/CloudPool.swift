/// The tracks that may be fetched, and which of them is next. Pure: the same lists, plays and seed give the same order.
public struct CloudPool: Sendable {
    /// A track of the pool.
    private struct Member {
        var track: CloudTrack
        /// As the operator's rules judge it.
        var shown: Track
        /// Trust in its source times its hotness.
        var weight: Double
    }

    /// Not to be tried before then.
    private struct Rest {
        var untilSeconds: Double
        /// Times in a row that it did not come.
        var failures = 0
    }

    private let terms: CloudTerms
    private var rules: AdmissionRules
    private var generator: SeededGenerator
    private var members: [Member] = []
    private var indexes: [CloudURN: Int] = [:]
    /// Members that the operator's rules keep out: fetched for nothing.
    private var refused: Set<CloudURN> = []
    private var leftOutOfLists: [String: Int] = [:]
    /// Which taking was a track's last.
    private var takenAt: [CloudURN: Int] = [:]
    private var takings = 0
    private var rests: [CloudURN: Rest] = [:]

    /// Tracks drawn from when there is a choice.
    static let drawnMax = 40
    /// Lengths of one song put up twice. **Units:** s.
    static let twinSecondsApartMax = 2.0

    public init(terms: CloudTerms, rules: AdmissionRules = AdmissionRules(), seed: UInt64) {
        self.terms = terms
        self.rules = rules
        generator = SeededGenerator(seed: seed)
    }

    /// Tracks that may play.
    public var count: Int { members.count - refused.count }
    public subscript(urn: CloudURN) -> CloudTrack? { indexes[urn].map { members[$0].track } }

    /// How many were left out, by the first words of why.
    public var leftOut: [String: Int] {
        var all = leftOutOfLists
        if !refused.isEmpty { all["house rules"] = refused.count }
        return all
    }

    /// Takes new lists, the most trusted first wins where one track stands in several. What is in none of them is out.
    public mutating func replace(
        with lists: [(source: CloudSource, tracks: [CloudTrack])], nowSeconds: Double
    ) {
        let score = HotScore(lists.flatMap(\.tracks), nowSeconds: nowSeconds)
        members = []
        indexes = [:]
        leftOutOfLists = [:]
        /// Lengths by what a song is called. **Units:** s.
        var lengths: [String: [Double]] = [:]
        for (source, tracks) in lists.sorted(by: { $0.source.trust > $1.source.trust }) {
            for track in tracks where indexes[track.id] == nil && members.count < CloudLimits.poolTracksMax {
                if let objection = terms.objection(to: track) {
                    leftOutOfLists[CloudPool.kind(of: objection), default: 0] += 1
                    continue
                }
                // The same song put up twice: same words, same length.
                let shown = Track(track)
                let name = "\(shown.title.lowercased())|\(shown.artist.lowercased())"
                let isTwin =
                    lengths[name]?.contains { abs($0 - track.durationSeconds) <= CloudPool.twinSecondsApartMax }
                    ?? false
                guard !isTwin else {
                    leftOutOfLists["twice", default: 0] += 1
                    continue
                }
                lengths[name, default: []].append(track.durationSeconds)
                indexes[track.id] = members.count
                members.append(Member(track: track, shown: shown, weight: source.trust * (0.1 + score.score(track))))
            }
        }
        judge()
        rests = rests.filter { $0.value.untilSeconds > nowSeconds || indexes[$0.key] != nil }
    }

    /// The operator's rules as they are now.
    public mutating func apply(_ rules: AdmissionRules) {
        guard rules != self.rules else { return }
        self.rules = rules
        judge()
    }

    private mutating func judge() {
        refused = Set(members.filter { rules.objection(to: $0.shown) != nil }.map(\.track.id))
    }

    /// The next track to fetch: one that was not taken, or was taken longest ago; of these a drawn one, the hotter the
    /// likelier, by another uploader than those where that can be. nil where nothing is left to try.
    ///
    /// - Parameters:
    ///   - besides: what is at hand already
    ///   - isNever: whether somebody has said that a track is never to be played
    public mutating func next(
        besides: Set<CloudURN>, uploaders: Set<String>, nowSeconds: Double, isNever: (CloudURN) -> Bool = { _ in false }
    ) -> CloudTrack? {
        let free = members.filter { member in
            let urn = member.track.id
            return !besides.contains(urn) && !refused.contains(urn) && (rests[urn]?.untilSeconds ?? 0) <= nowSeconds
                && !isNever(urn)
        }
        let fresh = free.filter { takenAt[$0.track.id] == nil }
        let waiting: [Member]
        if fresh.isEmpty {
            // All have played: the half that has waited longest.
            waiting = Array(
                free.sorted { (takenAt[$0.track.id] ?? 0) < (takenAt[$1.track.id] ?? 0) }.prefix((free.count + 1) / 2))
        } else {
            waiting = fresh
        }
        let apart = waiting.filter { !uploaders.contains($0.track.uploader?.name ?? "") }
        // Equal weights keep the order of the lists: nothing depends on a sort's whim.
        let ranked = (apart.isEmpty ? waiting : apart).enumerated()
            .sorted { ($1.element.weight, $0.offset) < ($0.element.weight, $1.offset) }
            .prefix(CloudPool.drawnMax).map(\.element)
        let total = ranked.reduce(0) { $0 + $1.weight }
        guard let last = ranked.last else { return nil }
        var left = generator.nextUnit() * total
        let drawn = ranked.first { member in
            left -= member.weight
            return left < 0
        }
        return (drawn ?? last).track
    }

    /// Its sound is here, or was in an earlier life; such a track may stand in a list that is still to be read.
    public mutating func took(_ urn: CloudURN) {
        takings += 1
        takenAt[urn] = takings
        rests[urn] = nil
        guard takenAt.count > 2 * CloudLimits.poolTracksMax else { return }
        takenAt = takenAt.filter { $0.value > takings - CloudLimits.poolTracksMax }
    }

    /// It was gone or refused: later perhaps.
    public mutating func rest(_ urn: CloudURN, nowSeconds: Double) {
        rests[urn] = Rest(untilSeconds: nowSeconds + CloudLimits.restSeconds)
    }

    /// It did not come. Others first, so that one that never comes keeps none of them waiting.
    public mutating func restShortly(_ urn: CloudURN, nowSeconds: Double) {
        let failures = (rests[urn]?.failures ?? 0) + 1
        var seconds = CloudLimits.shortRestSeconds.lowerBound
        for _ in 1..<failures where seconds < CloudLimits.shortRestSeconds.upperBound { seconds *= 2 }
        rests[urn] = Rest(
            untilSeconds: nowSeconds + min(seconds, CloudLimits.shortRestSeconds.upperBound), failures: failures)
    }

    /// The clock was put back: times that lie ahead now say nothing.
    public mutating func forgetTimes() { rests = [:] }

    private static func kind(of objection: CloudTerms.Objection) -> String {
        switch objection {
        case .notPlayable: "not playable"
        case .notPublic: "private"
        case .licence: "licence"
        case .commerce: "not for commerce"
        case .length: "length"
        case .nobodyToName: "nobody to name"
        }
    }
}
