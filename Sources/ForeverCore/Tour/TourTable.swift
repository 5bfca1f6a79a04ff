/// The costs between the tracks of one tour, each computed when it is asked for.
///
/// What is compared often (tempi as logarithms, artists, genres and tags as numbers) is worked out once a track.
/// **Thread:** one user at a time; the opinion is asked on that thread.
final class TourTable {
    let tracks: [TrackFacts]
    let cost: TourCost
    private let lines: UnsafeMutablePointer<TourLine>
    private let tags: UnsafeMutablePointer<Int32>
    /// Distance of genres by number, square, where there are few enough genres.
    private let genres: GenreDistances
    private let weights: UnsafeMutablePointer<Float>

    /// Artists that played before the tour begins, as numbers, the latest last.
    let recentArtists: [Int32]

    init(tracks: [TrackFacts], recentArtists names: [String?] = [], cost: TourCost) {
        self.tracks = tracks
        self.cost = cost
        weights = .allocate(capacity: TourTerm.allCases.count)
        for term in TourTerm.allCases { (weights + term.index).initialize(to: Float(cost.weights[term])) }
        var words = TourWords()
        var allTags: [Int32] = []
        lines = .allocate(capacity: max(1, tracks.count))
        for (index, facts) in tracks.enumerated() {
            (lines + index).initialize(to: TourLine(facts, words: &words, allTags: &allTags))
        }
        tags = .allocate(capacity: max(1, allTags.count))
        tags.initialize(from: allTags, count: allTags.count)
        genres = GenreDistances(names: words.genres)
        recentArtists = names.map { words.artist($0) }
    }

    deinit {
        weights.deallocate()
        lines.deallocate()
        tags.deallocate()
    }

    var count: Int { tracks.count }

    /// Cost of the leg without the planner's opinion: cheap, and the same both ways.
    func factsCost(_ from: Int, _ to: Int) -> Float {
        let (sum, weight) = factsSum(from, to)
        return weight > 0 ? sum / weight : 0.5
    }

    /// Cost of the leg, the planner's opinion included.
    func fullCost(_ from: Int, _ to: Int) -> Float {
        let spokenWeight = weights[TourTerm.transition.index]
        guard let opinion = cost.opinion, spokenWeight > 0, let spoken = opinion(tracks[from], tracks[to])
        else { return factsCost(from, to) }
        let (sum, weight) = factsSum(from, to)
        return (sum + spokenWeight * Float(unit(spoken.cost))) / (weight + spokenWeight)
    }

    @inline(__always)
    private func factsSum(_ from: Int, _ to: Int) -> (sum: Float, weight: Float) {
        var sum: Float = 0
        var weight: Float = 0
        eachTerm(from, to) { term, value in
            sum += weights[term.index] * value
            weight += weights[term.index]
        }
        return (sum, weight)
    }

    /// The leg with its terms by name.
    ///
    /// - Parameter wantedEnergy: what the hour asks for; nil: nothing, and there is no such term.
    func leg(_ from: Int, _ to: Int, wantedEnergy: Float? = nil) -> TourLeg {
        var terms: [String: Double] = [:]
        eachTerm(from, to) { term, value in
            if weights[term.index] > 0 { terms[term.rawValue] = Double(value) }
        }
        let spoken = cost.opinion?(tracks[from], tracks[to])
        if let spoken, weights[TourTerm.transition.index] > 0 {
            terms[TourTerm.transition.rawValue] = unit(spoken.cost)
        }
        var sum = 0.0
        var weight = 0.0
        for term in TourTerm.allCases {
            guard let value = terms[term.rawValue] else { continue }
            sum += cost.weights[term] * value
            weight += cost.weights[term]
        }
        var mean = weight > 0 ? sum / weight : 0.5
        if let wantedEnergy, shapeShare > 0 {
            let difference = abs(Double(energy(to) - wantedEnergy))
            if !difference.isNaN {
                terms[TourTerm.shape.rawValue] = difference
                mean = (mean + Double(shapeShare) * difference) / (1 + Double(shapeShare))
            }
        }
        let apart = Double(lines[from].tempoOctaves - lines[to].tempoOctaves)
        let matches = TempoFolding.octaves(apart: apart) <= TempoFolding.beatMatchOctaves + TourTable.tempoTolerance
        return TourLeg(
            from: tracks[from].id, to: tracks[to].id, cost: mean, terms: terms,
            kind: spoken?.kind ?? (matches ? TourCost.beatMatchedKind : TourCost.fadeKind),
            style: spoken?.style)
    }

    /// The weight of the day's shape against that of all other terms together.
    var shapeShare: Float {
        let others = TourTerm.allCases.reduce(0) { $0 + ($1 == .shape ? 0 : cost.weights[$1]) }
        return others > 0 ? Float(cost.weights[.shape] / others) : 0
    }

    /// The artist as a number, -1 where unknown.
    func artist(_ index: Int) -> Int32 { lines[index].artist }

    /// The tempo's logarithm within its octave, for sorting; nil where unknown.
    func tempoWithinOctave(_ index: Int) -> Double? {
        let octaves = Double(lines[index].tempoOctaves)
        return octaves.isNaN ? nil : octaves - octaves.rounded(.down)
    }

    /// The energy, NaN where unknown.
    func energy(_ index: Int) -> Float { lines[index].energy }

    /// The length, NaN where unknown. **Units:** s.
    func duration(_ index: Int) -> Float { lines[index].duration }

    /// Calls `emit` for every term that both tracks have a value for. The planner's opinion is not among them.
    @inline(__always)
    private func eachTerm(_ from: Int, _ to: Int, _ emit: (TourTerm, Float) -> Void) {
        let a = lines + from
        let b = lines + to
        let apart = abs(a.pointee.tempoOctaves - b.pointee.tempoOctaves)
        if !apart.isNaN { emit(.tempo, TourTable.tempoValue(min(apart, abs(apart - 1)))) }
        if a.pointee.fifths >= 0, b.pointee.fifths >= 0 {
            emit(
                .key,
                TourTable.keyValue(
                    fifths: Int(a.pointee.fifths) - Int(b.pointee.fifths),
                    isSameMode: a.pointee.isMinor == b.pointee.isMinor))
        }
        let energy = abs(a.pointee.energy - b.pointee.energy)
        if !energy.isNaN { emit(.energy, min(1, energy)) }
        let danceability = abs(a.pointee.danceability - b.pointee.danceability)
        if !danceability.isNaN { emit(.danceability, min(1, danceability)) }
        let loudness = abs(a.pointee.loudness - b.pointee.loudness)
        if !loudness.isNaN { emit(.loudness, min(1, loudness / TourTable.loudnessUnitsMax)) }
        if a.pointee.genre >= 0, b.pointee.genre >= 0 {
            emit(.genre, genres.distance(a.pointee.genre, b.pointee.genre))
        }
        if a.pointee.tagsCount > 0, b.pointee.tagsCount > 0 { emit(.tags, tagsValue(a, b)) }
        let length = abs(a.pointee.duration - b.pointee.duration)
        if !length.isNaN { emit(.length, min(1, length / TourTable.lengthSecondsMax)) }
        if a.pointee.hasTimbre, b.pointee.hasTimbre {
            let d = a.pointee.timbre - b.pointee.timbre
            emit(.timbre, min(1, (d * d).sum().squareRoot() / TourTable.timbreDecibelsMax))
        }
        if a.pointee.artist >= 0, b.pointee.artist >= 0 { emit(.artist, a.pointee.artist == b.pointee.artist ? 1 : 0) }
    }

    /// Differences from which on the term is 1.
    private static let loudnessUnitsMax: Float = 12
    private static let lengthSecondsMax: Float = 240
    private static let timbreDecibelsMax: Float = 12
    /// The tempi's logarithms are kept to some 1e-7; a tempo just at the limit is within it.
    private static let tempoTolerance = 2e-6

    /// Small while beats can be matched, a step where they cannot: the step is what makes tours beat-matched.
    @inline(__always)
    static func tempoValue(_ octaves: Float) -> Float {
        let limit = Float(TempoFolding.beatMatchOctaves + tempoTolerance)
        if octaves <= limit { return 0.3 * octaves / limit }
        return 0.7 + 0.3 * min(1, (octaves - limit) / (0.5 - limit))
    }

    /// By steps on the circle of fifths: neighbours blend, opposite keys clash; a change of mode costs a little.
    @inline(__always)
    private static func keyValue(fifths: Int, isSameMode: Bool) -> Float {
        let around = abs(fifths)
        let value: Float =
            switch min(around, 12 - around) {
            case 0: 0
            case 1: 0.12
            case 2: 0.4
            case 3: 0.65
            case 4: 0.8
            case 5: 0.9
            default: 1
            }
        return min(1, value + (isSameMode ? 0 : 0.08))
    }

    /// Jaccard distance of two sorted lists.
    private func tagsValue(_ a: UnsafeMutablePointer<TourLine>, _ b: UnsafeMutablePointer<TourLine>) -> Float {
        if a.pointee.tagBits & b.pointee.tagBits == 0 { return 1 }
        let left = UnsafeBufferPointer(start: tags + Int(a.pointee.tagsStart), count: Int(a.pointee.tagsCount))
        let right = UnsafeBufferPointer(start: tags + Int(b.pointee.tagsStart), count: Int(b.pointee.tagsCount))
        var i = 0
        var j = 0
        var shared = 0
        while i < left.count, j < right.count {
            if left[i] == right[j] { shared += 1 }
            let step = left[i]
            if step <= right[j] { i += 1 }
            if right[j] <= step { j += 1 }
        }
        return 1 - Float(shared) / Float(left.count + right.count - shared)
    }

    private func unit(_ value: Double) -> Double { value.isNaN ? 1 : min(1, max(0, value)) }
}
