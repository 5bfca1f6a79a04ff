import Foundation

/// What somebody put right by hand about one track. Everything may be missing; what stands counts more than any
/// analysis, now and after the next one.
///
/// **Shape:** the JSON of a sidecar file, see Docs/Crate.md. Times are seconds from the track's first sample.
public struct Correction: Codable, Hashable, Sendable {
    /// Never played.
    public var neverPlay: Bool?
    /// Played, but only faded in and out: its beats are not trusted.
    public var neverMix: Bool?
    /// The tempo is twice (1, 2) or half (-1, -2) of what was found, so often.
    public var tempoOctave: Int?
    /// A steady tempo; with `firstBeat` it makes the whole grid. **Units:** beats a minute.
    public var tempo: Double?
    /// A beat that begins a bar. **Units:** s.
    public var firstBeat: Double?
    public var beatsPerBar: Int?
    /// Every beat, ascending, where no steady tempo would do. **Units:** s.
    public var beats: [Double]?
    /// Those of them that begin a bar. **Units:** s.
    public var downbeats: [Double]?
    /// Slowest and fastest tempo that the music has: a tempo outside is doubled or halved where that brings it inside.
    /// What was found is neither more nor less trusted for it. **Units:** beats a minute.
    public var tempoRange: [Double]?
    /// As `KeyFact(written:)` reads it: "A minor", "Am", "8A".
    public var key: String?

    public init(
        neverPlay: Bool? = nil, neverMix: Bool? = nil, tempoOctave: Int? = nil, tempo: Double? = nil,
        firstBeat: Double? = nil, beatsPerBar: Int? = nil, beats: [Double]? = nil, downbeats: [Double]? = nil,
        tempoRange: [Double]? = nil, key: String? = nil
    ) {
        self.neverPlay = neverPlay
        self.neverMix = neverMix
        self.tempoOctave = tempoOctave
        self.tempo = tempo
        self.firstBeat = firstBeat
        self.beatsPerBar = beatsPerBar
        self.beats = beats
        self.downbeats = downbeats
        self.tempoRange = tempoRange
        self.key = key
    }

    /// Beats of one track that a correction may list: ten hours at 160 a minute.
    public static let beatsMax = 100_000

    /// Reads JSON, with comments.
    ///
    /// **Errors:** `CorrectionError`, in words for whoever wrote it.
    public init(json: Data) throws(CorrectionError) {
        let decoder = JSONDecoder()
        decoder.allowsJSON5 = true
        do {
            let names = try decoder.decode(FieldNames.self, from: json).names
            if let unknown = names.first(where: { CodingKeys(stringValue: $0) == nil }) {
                throw CorrectionError("there is no field \"\(unknown)\"; the fields are \(Correction.fieldList)")
            }
            self = try decoder.decode(Correction.self, from: json)
        } catch let error as CorrectionError {
            throw error
        } catch let error as DecodingError {
            throw CorrectionError(error.spoken)
        } catch {
            throw CorrectionError("\(error)")
        }
        try check()
    }

    private func check() throws(CorrectionError) {
        func mustBe(_ holds: Bool, _ words: String) throws(CorrectionError) {
            if !holds { throw CorrectionError(words) }
        }
        if let tempoOctave { try mustBe((-2...2).contains(tempoOctave), "tempoOctave must be from -2 to 2") }
        if let tempo { try mustBe((20...400).contains(tempo), "tempo must be from 20 to 400") }
        if let tempoRange {
            try mustBe(
                tempoRange.count == 2 && tempoRange[0] < tempoRange[1]
                    && tempoRange.allSatisfy { (20...400).contains($0) },
                "tempoRange must be two tempi from 20 to 400, the slower first")
        }
        if let firstBeat { try mustBe((0...86_400).contains(firstBeat), "firstBeat must be a time in seconds") }
        if let beatsPerBar { try mustBe((1...32).contains(beatsPerBar), "beatsPerBar must be from 1 to 32") }
        if let key { try mustBe(KeyFact(written: key) != nil, "key must be one such as \"A minor\" or \"8A\"") }
        try mustBe(firstBeat == nil || tempo != nil, "firstBeat needs tempo beside it")
        try mustBe(beats == nil || firstBeat == nil, "either beats, or tempo and firstBeat")
        try mustBe(downbeats == nil || beats != nil, "downbeats needs beats beside it")
        for (name, times) in [("beats", beats), ("downbeats", downbeats)] {
            guard let times else { continue }
            try mustBe(times.count <= Correction.beatsMax, "\(name) must be at most \(Correction.beatsMax)")
            try mustBe(name == "downbeats" || times.count >= 2, "\(name) must be at least two")
            try mustBe(times.allSatisfy { (0...86_400).contains($0) }, "\(name) must be times in seconds")
            try mustBe(zip(times, times.dropFirst()).allSatisfy { $1 - $0 >= 0.1 }, "\(name) must ascend")
        }
        if let downbeats, let beats {
            try mustBe(Set(downbeats).isSubset(of: beats), "each of downbeats must be one of beats")
        }
    }

    public var isEmpty: Bool { self == Correction() }

    /// Two people's words on one track: never is never, else `self` counts more.
    public func over(_ other: Correction) -> Correction {
        var result = self
        result.neverPlay = (neverPlay ?? false) || (other.neverPlay ?? false) ? true : nil
        result.neverMix = (neverMix ?? false) || (other.neverMix ?? false) ? true : nil
        result.key = key ?? other.key
        result.tempoRange = tempoRange ?? other.tempoRange
        // What makes up the beats stays together: two halves of two grids are none.
        if tempo == nil, firstBeat == nil, beats == nil, tempoOctave == nil, beatsPerBar == nil {
            result.tempo = other.tempo
            result.firstBeat = other.firstBeat
            result.beats = other.beats
            result.downbeats = other.downbeats
            result.tempoOctave = other.tempoOctave
            result.beatsPerBar = other.beatsPerBar
        }
        return result
    }

    private static let fieldList =
        "neverPlay, neverMix, tempoOctave, tempo, firstBeat, beatsPerBar, beats, downbeats, tempoRange and key"

    private struct FieldNames: Decodable {
        var names: [String]
        private struct Name: CodingKey {
            var stringValue: String
            var intValue: Int? { nil }
            init?(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }
        init(from decoder: any Decoder) throws {
            names = try decoder.container(keyedBy: Name.self).allKeys.map(\.stringValue).sorted()
        }
    }
}

/// Why a correction was not taken.
public struct CorrectionError: Error, Hashable, Sendable, CustomStringConvertible {
    public var description: String
    init(_ description: String) { self.description = description }
}

extension DecodingError {
    fileprivate var spoken: String {
        switch self {
        case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
            context.codingPath.isEmpty
                ? "it must be one { … } of fields"
                : "\"\(context.codingPath.map(\.stringValue).joined(separator: "."))\" must be a \(type)"
        case .dataCorrupted(let context), .keyNotFound(_, let context): "no JSON: \(context.debugDescription)"
        @unknown default: "\(self)"
        }
    }
}
