import ForeverMix
import Foundation

/// What is known of a track.
struct Truth {
    var name: String
    var group: String
    /// The sound's file; nil for what is made here.
    var path: String?
    /// **Units:** s.
    var beats: [Double]
    var downbeats: [Double]
    /// Where sections begin, the first left out; empty where that is not known. **Units:** s.
    var sectionStarts: [Double]
    var tempo: Double
    /// From the slowest to the fastest moment.
    var tempi: ClosedRange<Double>
    var timeSignature: String
    var key: MusicalKey?

    init(_ track: DemoTrack) {
        var bar = 0
        let starts = track.sectionBars.dropLast().map { bars in
            bar += bars
            return track.downbeats[bar]
        }
        self.init(
            name: track.id, group: track.genre, beats: track.beats, downbeats: track.downbeats, sectionStarts: starts,
            tempo: track.tempo, tempi: track.tempo...track.tempo, timeSignature: "4/4", key: track.key)
    }

    /// Whether the tempo is the same from beginning to end.
    var isConstant: Bool { tempi.upperBound < 1.001 * tempi.lowerBound }

    init(
        name: String, group: String, beats: [Double], downbeats: [Double], sectionStarts: [Double], tempo: Double,
        tempi: ClosedRange<Double>, timeSignature: String, key: MusicalKey?
    ) {
        self.name = name
        self.group = group
        self.beats = beats
        self.downbeats = downbeats
        self.sectionStarts = sectionStarts
        self.tempo = tempo
        self.tempi = tempi
        self.timeSignature = timeSignature
        self.key = key
    }

    /// The JSON files of a folder, in the order of their names.
    static func all(inFolder folder: String) throws -> [Truth] {
        let url = URL(fileURLWithPath: folder)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".json") }
        return try names.sorted().map { try Truth(file: url.appendingPathComponent($0), folder: url) }
    }

    private struct Stored: Codable {
        struct Key: Codable {
            var tonic: String
            var mode: MusicalKey.Mode
        }
        struct Section: Codable { var start: Double }
        var id: String
        var file: String
        var group: String
        var beats: [Double]
        var downbeats: [Double]
        var tempo: Double
        var tempo_min: Double?
        var tempo_max: Double?
        var time_signature: String
        var key: Key?
        var sections: [Section]?
    }

    private init(file: URL, folder: URL) throws {
        let stored = try JSONDecoder().decode(Stored.self, from: Data(contentsOf: file))
        name = stored.id
        group = stored.group
        path = folder.appendingPathComponent(stored.file).path
        beats = stored.beats
        downbeats = stored.downbeats
        sectionStarts = stored.sections.map { $0.dropFirst().map(\.start) } ?? []
        tempo = stored.tempo
        let slowest = stored.tempo_min ?? tempo
        tempi = slowest...max(slowest, stored.tempo_max ?? tempo)
        timeSignature = stored.time_signature
        key = stored.key.flatMap { key in
            MusicalKey.tonicNames.firstIndex(of: key.tonic).map { MusicalKey(pitchClass: $0, mode: key.mode) }
        }
    }

    /// Writes the truth about `file` as such a JSON file.
    func write(toFolder folder: URL, name: String, file: String) throws {
        let stored = Stored(
            id: self.name, file: file, group: group, beats: beats, downbeats: downbeats, tempo: tempo,
            tempo_min: tempi.lowerBound,
            tempo_max: tempi.upperBound, time_signature: timeSignature,
            key: key.map { Stored.Key(tonic: $0.tonic, mode: $0.mode) },
            sections: ([0] + sectionStarts).map { Stored.Section(start: $0) })
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(stored).write(to: folder.appendingPathComponent(name + ".json"))
    }
}
