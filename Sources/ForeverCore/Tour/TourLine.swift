import Foundation

/// A track's facts as numbers, fit to be compared often. NaN or -1 where a value is missing.
struct TourLine {
    var tempoOctaves: Float
    var energy: Float
    var danceability: Float
    var loudness: Float
    var duration: Float
    /// Zero beyond what the facts give.
    var timbre: SIMD16<Float>
    var hasTimbre: Bool
    var fifths: Int8
    var isMinor: Bool
    var artist: Int32
    var genre: Int32
    /// The tags' numbers modulo 64, as bits: tracks without a bit in common have no tag in common.
    var tagBits: UInt64
    /// Where the track's tags stand in the table's list, ascending.
    var tagsStart: Int32
    var tagsCount: Int32

    /// - Parameter allTags: the table's list, to which the track's are added.
    init(_ facts: TrackFacts, words: inout TourWords, allTags: inout [Int32]) {
        func known(_ value: Double?, _ range: ClosedRange<Double>) -> Float {
            guard let value, range.contains(value) else { return .nan }
            return Float(value)
        }
        let tempo = facts.tempo.flatMap { (1...1000).contains($0) ? $0 : nil }
        tempoOctaves = tempo.map { Float(log2($0)) } ?? .nan
        energy = known(facts.energy, 0...1)
        danceability = known(facts.danceability, 0...1)
        loudness = known(facts.loudness, -100...20)
        duration = known(facts.duration, .leastNonzeroMagnitude...1e7)
        hasTimbre = !facts.timbre.isEmpty && facts.timbre.allSatisfy { $0.isFinite }
        timbre = .zero
        if hasTimbre {
            for (index, value) in facts.timbre.prefix(TrackFacts.timbreSizeMax).enumerated() {
                timbre[index] = Float(value)
            }
        }
        fifths = Int8(facts.key?.fifths ?? -1)
        isMinor = facts.key?.isMinor ?? false
        artist = words.artist(facts.artist)
        genre = words.genre(facts.genre)
        let tags = words.tags(facts.tags)
        tagBits = tags.reduce(0) { $0 | 1 << UInt64($1 % 64) }
        tagsStart = Int32(allTags.count)
        tagsCount = Int32(tags.count)
        allTags += tags
    }
}

/// Words as numbers, the same word in any case the same number.
struct TourWords {
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
