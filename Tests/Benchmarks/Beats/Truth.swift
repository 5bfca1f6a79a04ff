import ForeverMix
import Foundation

/// What is known of a track.
struct Truth {
    var name: String
    var group: String
    /// The sound's file; nil for a track of the demo crate.
    var path: String?
    /// **Units:** s.
    var beats: [Double]
    var downbeats: [Double]
    /// Where sections begin, the first left out; empty where that is not known. **Units:** s.
    var sectionStarts: [Double]
    var tempo: Double
    /// The same from beginning to end.
    var isConstant: Bool
    var timeSignature: String
    var key: MusicalKey?

    init(_ track: DemoTrack) {
        name = track.id
        group = track.genre
        path = nil
        beats = track.beats
        downbeats = track.downbeats
        var bar = 0
        sectionStarts = track.sectionBars.dropLast().map { bars in
            bar += bars
            return track.downbeats[bar]
        }
        tempo = track.tempo
        isConstant = true
        timeSignature = "4/4"
        key = track.key
    }

    /// The JSON files of a folder, in the order of their names.
    static func all(inFolder folder: String) throws -> [Truth] {
        let url = URL(fileURLWithPath: folder)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".json") }
        return try names.sorted().map { try Truth(file: url.appendingPathComponent($0), folder: url) }
    }

    private struct Stored: Decodable {
        struct Key: Decodable {
            var tonic: String
            var mode: MusicalKey.Mode
        }
        struct Section: Decodable { var start: Double }
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
        isConstant = (stored.tempo_max ?? tempo) / max(1, stored.tempo_min ?? tempo) < 1.001
        timeSignature = stored.time_signature
        key = stored.key.flatMap { key in
            MusicalKey.tonicNames.firstIndex(of: key.tonic).map { MusicalKey(pitchClass: $0, mode: key.mode) }
        }
    }
}
