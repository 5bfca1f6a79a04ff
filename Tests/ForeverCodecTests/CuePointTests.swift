import ForeverCodec
import ForeverTestKit
import Foundation
import Testing

/// Cue points and chapters that other programs wrote into files.
@Suite struct CuePointTests {
    /// Serato's list of cue points as an ID3 object holds it, written here from its description.
    private static func markers(_ milliseconds: [UInt32]) -> [UInt8] {
        func number(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }
        var list: [UInt8] = [1, 1] + Array("COLOR".utf8) + [0] + number(4) + [0, 255, 255, 255]
        for (index, place) in milliseconds.enumerated() {
            let body = [0, UInt8(index)] + number(place) + [0, 0xcc, 0, 0, 0, 0] + Array("drop".utf8) + [0]
            list += Array("CUE".utf8) + [0] + number(UInt32(body.count)) + body
        }
        let text = Data(list + [0]).base64EncodedString().replacing("=", with: "")
        // In lines, and filled up with zeros.
        let lines = stride(from: 0, to: text.count, by: 72).map { String(text.dropFirst($0).prefix(72)) }
        return [1, 1] + Array(lines.joined(separator: "\n").utf8) + [UInt8](repeating: 0, count: 40)
    }

    private static func object(_ data: [UInt8]) -> [UInt8] {
        [0] + Array("application/octet-stream".utf8) + [0, 0] + Array("Serato Markers2".utf8) + [0] + data
    }

    /// The MP3 with one more tag in front of it.
    private static func tagged(_ path: String, version: UInt8 = 3, flags: UInt8 = 0, size: Int? = nil) throws {
        let body = object(markers([31_250, 93_750]))
        let n = size ?? body.count
        let bytes: [UInt8] =
            version == 4
            ? [UInt8(n >> 21 & 0x7f), UInt8(n >> 14 & 0x7f), UInt8(n >> 7 & 0x7f), UInt8(n & 0x7f)]
            : [UInt8(truncatingIfNeeded: n >> 24), UInt8(n >> 16 & 0xff), UInt8(n >> 8 & 0xff), UInt8(n & 0xff)]
        let frames: [UInt8] =
            Array("TIT2".utf8) + [0, 0, 0, 2, 0, 0, 0, 0x41] + Array("GEOB".utf8) + bytes + [0, 0] + body
        let total = frames.count
        let head: [UInt8] =
            Array("ID3".utf8) + [
                version, 0, flags, UInt8(total >> 21 & 0x7f), UInt8(total >> 14 & 0x7f), UInt8(total >> 7 & 0x7f),
                UInt8(total & 0x7f),
            ]
        var file = try Data(contentsOf: URL(fileURLWithPath: path))
        file.insert(contentsOf: head + frames, at: 0)
        try file.write(to: URL(fileURLWithPath: path))
    }

    private func file(_ name: String, in folder: TemporaryFolder, _ more: [String] = []) throws -> String {
        let path = folder(name)
        try FFmpegCommand.run(["-f", "lavfi", "-i", "sine=f=220:d=2"] + more + [path])
        return path
    }

    @Test(arguments: [UInt8(3), 4]) func theyAreReadFromAnID3Object(version: UInt8) throws {
        let folder = try TemporaryFolder()
        let path = try file("a.mp3", in: folder, ["-write_id3v2", "0"])
        try Self.tagged(path, version: version)
        #expect(try FFmpegTagReader().tags(atPath: path).cuePoints == [31.25, 93.75])
    }

    @Test func theyAreReadFromAVorbisComment() throws {
        let folder = try TemporaryFolder()
        let text = Data(Self.object(Self.markers([1_500])).dropFirst()).base64EncodedString()
        let path = try file("a.flac", in: folder, ["-metadata", "SERATO_MARKERS_V2=\(text)"])
        #expect(try FFmpegTagReader().tags(atPath: path).cuePoints == [1.5])
    }

    @Test func chaptersAreCuePointsToo() throws {
        let folder = try TemporaryFolder()
        let list = folder("chapters.txt")
        let chapters = [(0, 750), (750, 2000)].map { "[CHAPTER]\nTIMEBASE=1/1000\nSTART=\($0.0)\nEND=\($0.1)\n" }
        try (";FFMETADATA1\n" + chapters.joined()).write(toFile: list, atomically: true, encoding: .utf8)
        let path = try file("a.m4a", in: folder, ["-i", list, "-map_chapters", "1"])
        #expect(try FFmpegTagReader().tags(atPath: path).cuePoints == [0, 0.75])
    }

    /// Sizes and flags that lie, text that is none: no cue points, and the file is read all the same.
    @Test(arguments: [(UInt8(0x80), nil), (0, 1 << 27), (0, 3), (0, 0)] as [(UInt8, Int?)])
    func brokenTagsGiveNone(flags: UInt8, size: Int?) throws {
        let folder = try TemporaryFolder()
        let path = try file("a.mp3", in: folder, ["-write_id3v2", "0"])
        try Self.tagged(path, flags: flags, size: size)
        #expect(try FFmpegTagReader().tags(atPath: path).cuePoints.isEmpty)
    }

    @Test(arguments: ["", "AQE", "AQFDVUUA", "!!!!", String(repeating: "A", count: 70_000)])
    func textThatIsNoListGivesNone(text: String) throws {
        let folder = try TemporaryFolder()
        let path = try file("a.flac", in: folder, ["-metadata", "SERATO_MARKERS_V2=\(text)"])
        #expect(try FFmpegTagReader().tags(atPath: path).cuePoints.isEmpty)
    }
}
