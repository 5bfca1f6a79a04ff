import Foundation

/// The costs between the tracks of one tour, each computed when it is asked for.
///
/// What is compared often (tempi as logarithms, artists, genres and tags as numbers) is worked out once a track.
/// **Thread:** one user at a time; the opinion is asked on that thread.
final class TourTable {
    let tracks: [TrackFacts]
    let cost: TourCost
    private let lines: [TourLine]
    /// Distance of genres by number, square, where there are few enough genres.
    private let genres: GenreDistances
    private let weights: [Double]

    init(tracks: [TrackFacts], cost: TourCost) {
        self.tracks = tracks
        self.cost = cost
        weights = TourTerm.allCases.map { cost.weights[$0] }
        var words = TourWords()
        lines = tracks.map { TourLine($0, words: &words) }
        genres = GenreDistances(names: words.genres)
    }

    var count: Int { tracks.count }

    /// Cost of the leg without the planner's opinion: cheap, and the same both ways.
    func factsCost(_ from: Int, _ to: Int) -> Double {
        var sum = 0.0
        var weight = 0.0
        weights.withUnsafeBufferPointer { weights in
            eachTerm(lines[from], lines[to]) { term, value in
                sum += weights[term.index] * value
                weight += weights[term.index]
            }
        }
        return weight > 0 ? sum / weight : 0.5
    }

    /// Cost of the leg, the planner's opinion included.
    func fullCost(_ from: Int, _ to: Int) -> Double {
        guard let opinion = cost.opinion, weights[TourTerm.transition.index] > 0,
            let spoken = opinion(tracks[from], tracks[to])
        else { return factsCost(from, to) }
        var sum = weights[TourTerm.transition.index] * unit(spoken.cost)
        var weight = weights[TourTerm.transition.index]
        weights.withUnsafeBufferPointer { weights in
            eachTerm(lines[from], lines[to]) { term, value in
                sum += weights[term.index] * value
                weight += weights[term.index]
            }
        }
        return sum / weight
    }

    /// The leg with its terms by name.
    func leg(_ from: Int, _ to: Int) -> TourLeg {
        var terms: [String: Double] = [:]
        let a = lines[from]
        let b = lines[to]
        eachTerm(a, b) { term, value in
            if weights[term.index] > 0 { terms[term.rawValue] = value }
        }
        let spoken = cost.opinion?(tracks[from], tracks[to])
        if let spoken, weights[TourTerm.transition.index] > 0 {
            terms[TourTerm.transition.rawValue] = unit(spoken.cost)
        }
        let matches = TempoFolding.octaves(apart: a.tempoOctaves - b.tempoOctaves) <= TempoFolding.beatMatchOctaves
        return TourLeg(
            from: tracks[from].id, to: tracks[to].id, cost: fullCost(from, to), terms: terms,
            kind: spoken?.kind ?? (matches ? TourCost.beatMatchedKind : TourCost.fadeKind))
    }

    /// The artist as a number, -1 where unknown.
    func artist(_ index: Int) -> Int32 { lines[index].artist }

    /// The tempo's logarithm within its octave, for sorting; nil where unknown.
    func tempoWithinOctave(_ index: Int) -> Double? {
        let octaves = lines[index].tempoOctaves
        return octaves.isNaN ? nil : octaves - octaves.rounded(.down)
    }

    /// Calls `emit` for every term that both tracks have a value for. The planner's opinion is not among them.
    @inline(__always)
    private func eachTerm(_ a: TourLine, _ b: TourLine, _ emit: (TourTerm, Double) -> Void) {
        let apart = abs(a.tempoOctaves - b.tempoOctaves)
        if !apart.isNaN { emit(.tempo, TourTable.tempoValue(min(apart, abs(apart - 1)))) }
        if a.fifths >= 0, b.fifths >= 0 { emit(.key, TourTable.keyValue(a, b)) }
        let energy = abs(a.energy - b.energy)
        if !energy.isNaN { emit(.energy, min(1, energy)) }
        let danceability = abs(a.danceability - b.danceability)
        if !danceability.isNaN { emit(.danceability, min(1, danceability)) }
        let loudness = abs(a.loudness - b.loudness)
        if !loudness.isNaN { emit(.loudness, min(1, loudness / TourTable.loudnessUnitsMax)) }
        if a.genre >= 0, b.genre >= 0 { emit(.genre, genres.distance(a.genre, b.genre)) }
        if !a.tags.isEmpty, !b.tags.isEmpty { emit(.tags, TourTable.tagsValue(a.tags, b.tags)) }
        let length = abs(a.duration - b.duration)
        if !length.isNaN { emit(.length, min(1, length / TourTable.lengthSecondsMax)) }
        if a.artist >= 0, b.artist >= 0 { emit(.artist, a.artist == b.artist ? 1 : 0) }
    }

    /// Differences from which on the term is 1.
    private static let loudnessUnitsMax = 12.0
    private static let lengthSecondsMax = 240.0

    /// Small while beats can be matched, a step where they cannot: the step is what makes tours beat-matched.
    static func tempoValue(_ octaves: Double) -> Double {
        let limit = TempoFolding.beatMatchOctaves
        if octaves <= limit { return 0.3 * octaves / limit }
        return 0.7 + 0.3 * min(1, (octaves - limit) / (0.5 - limit))
    }

    /// By steps on the circle of fifths: neighbours blend, opposite keys clash; a change of mode costs a little.
    private static let keyBySteps: [Double] = [0, 0.12, 0.4, 0.65, 0.8, 0.9, 1]

    private static func keyValue(_ a: TourLine, _ b: TourLine) -> Double {
        let around = abs(Int(a.fifths) - Int(b.fifths))
        let steps = min(around, 12 - around)
        return min(1, keyBySteps[steps] + (a.isMinor == b.isMinor ? 0 : 0.08))
    }

    /// Jaccard distance of two sorted lists.
    private static func tagsValue(_ a: [Int32], _ b: [Int32]) -> Double {
        var i = 0
        var j = 0
        var shared = 0
        while i < a.count, j < b.count {
            if a[i] == b[j] { shared += 1 }
            let step = a[i]
            if step <= b[j] { i += 1 }
            if b[j] <= step { j += 1 }
        }
        return 1 - Double(shared) / Double(a.count + b.count - shared)
    }

    private func unit(_ value: Double) -> Double { value.isNaN ? 1 : min(1, max(0, value)) }
}

/// A track's facts as numbers. NaN or -1 where a value is missing.
private struct TourLine {
    var tempoOctaves: Double
    var energy: Double
    var danceability: Double
    var loudness: Double
    var duration: Double
    var fifths: Int8
    var isMinor: Bool
    var artist: Int32
    var genre: Int32
    /// Ascending.
    var tags: [Int32]

    init(_ facts: TrackFacts, words: inout TourWords) {
        func known(_ value: Double?, _ range: ClosedRange<Double>) -> Double {
            guard let value, range.contains(value) else { return .nan }
            return value
        }
        let tempo = known(facts.tempo, 1...1000)
        tempoOctaves = tempo.isNaN ? .nan : log2(tempo)
        energy = known(facts.energy, 0...1)
        danceability = known(facts.danceability, 0...1)
        loudness = known(facts.loudness, -100...20)
        duration = known(facts.duration, .leastNonzeroMagnitude...1e7)
        fifths = Int8(facts.key?.fifths ?? -1)
        isMinor = facts.key?.isMinor ?? false
        artist = words.artist(facts.artist)
        genre = words.genre(facts.genre)
        tags = words.tags(facts.tags)
    }
}

/// Words as numbers, the same word in any case the same number.
private struct TourWords {
    private(set) var genres: [String] = []
    private var genreNumbers: [String: Int32] = [:]
    private var artistNumbers: [String: Int32] = [:]
    private var tagNumbers: [String: Int32] = [:]

    mutating func artist(_ name: String?) -> Int32 {
        guard let word = TourWords.plain(name) else { return -1 }
        return artistNumbers[word, insertingNext: Int32(artistNumbers.count)]
    }

    mutating func genre(_ name: String?) -> Int32 {
        guard let word = TourWords.plain(name) else { return -1 }
        let number = genreNumbers[word, insertingNext: Int32(genreNumbers.count)]
        if Int(number) == genres.count { genres.append(word) }
        return number
    }

    mutating func tags(_ names: [String]) -> [Int32] {
        let numbers = names.prefix(CoreLimits.tagsMax).compactMap { TourWords.plain($0) }.map {
            tagNumbers[$0, insertingNext: Int32(tagNumbers.count)]
        }
        return Set(numbers).sorted()
    }

    static func plain(_ name: String?) -> String? {
        guard let name else { return nil }
        let word = name.trimmingCharacters(in: .whitespacesAndNewlines).lowercased()
        return word.isEmpty ? nil : word
    }
}

extension Dictionary where Key == String, Value == Int32 {
    fileprivate subscript(key: String, insertingNext next: Int32) -> Int32 {
        mutating get {
            if let number = self[key] { return number }
            self[key] = next
            return next
        }
    }
}
