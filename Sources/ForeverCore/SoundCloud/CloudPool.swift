/// The tracks that may be fetched, and which of them is next. Pure: the same lists, plays and seed give the same order.
public struct CloudPool: Sendable {
    /// A track of the pool.
    private struct Member {
        var track: CloudTrack
        /// Trust in its source times its hotness.
        var weight: Double
    }

    private let terms: CloudTerms
    private var generator: SeededGenerator
    private var members: [Member] = []
    private var indexes: [CloudURN: Int] = [:]
    /// How many were left out, by the first words of why.
    public private(set) var leftOut: [String: Int] = [:]
    /// The pick in which a track was last taken.
    private var takenAt: [CloudURN: Int] = [:]
    /// Not to be tried before that pick: it was gone or refused.
    private var restsUntil: [CloudURN: Int] = [:]
    private var picks = 0

    /// Picks that a track which was gone or refused is left alone; then it may be there again.
    static let restPicks = 50
    /// Tracks drawn from when there is a choice.
    static let drawnMax = 40

    public init(terms: CloudTerms, seed: UInt64) {
        self.terms = terms
        generator = SeededGenerator(seed: seed)
    }

    public var count: Int { members.count }
    public subscript(urn: CloudURN) -> CloudTrack? { indexes[urn].map { members[$0].track } }

    /// Takes new lists, the most trusted first wins where one track stands in several. What is in none of them is out.
    public mutating func replace(
        with lists: [(source: CloudSource, tracks: [CloudTrack])], nowSeconds: Double
    ) {
        let score = HotScore(lists.flatMap(\.tracks), nowSeconds: nowSeconds)
        members = []
        indexes = [:]
        leftOut = [:]
        var twins: Set<String> = []
        for (source, tracks) in lists.sorted(by: { $0.source.trust > $1.source.trust }) {
            for track in tracks where indexes[track.id] == nil && members.count < CloudLimits.poolTracksMax {
                if let objection = terms.objection(to: track) {
                    leftOut[CloudPool.kind(of: objection), default: 0] += 1
                    continue
                }
                // The same song put up twice: same words, same length.
                let names = ShownNames(track)
                let twin = "\(names.title.lowercased())|\(names.artist.lowercased())|\(Int(track.durationSeconds / 2))"
                guard twins.insert(twin).inserted else {
                    leftOut["twice", default: 0] += 1
                    continue
                }
                indexes[track.id] = members.count
                members.append(Member(track: track, weight: source.trust * (0.1 + score.score(track))))
            }
        }
        takenAt = takenAt.filter { indexes[$0.key] != nil }
        restsUntil = restsUntil.filter { $0.value > picks }
    }

    /// The next track to fetch: one that was not taken, or was taken longest ago; of these a drawn one, the hotter the
    /// likelier, by another uploader than those where that can be. nil where nothing is left to try.
    ///
    /// - Parameter besides: what is at hand already.
    public mutating func next(besides: Set<CloudURN>, uploaders: Set<String>) -> CloudTrack? {
        picks += 1
        let free = members.filter { !besides.contains($0.track.id) && (restsUntil[$0.track.id] ?? 0) <= picks }
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

    /// Its sound is here.
    public mutating func took(_ urn: CloudURN) { takenAt[urn] = picks }

    /// It was gone or refused: later perhaps.
    public mutating func rest(_ urn: CloudURN) { restsUntil[urn] = picks + CloudPool.restPicks }

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
