import ForeverCodec
import ForeverTestKit
import Foundation
import Testing

/// Tags and covers as every container stores them.
struct TagReaderTests {
    @Test(arguments: ["plain.mp3", "plain.flac", "plain.ogg", "plain.opus", "plain.m4a", "lossless.oga"])
    func readsTags(_ name: String) throws {
        let folder = try TemporaryFolder()
        let path = folder(name)
        let tempoKey = name.hasSuffix("m4a") ? "tmpo" : name.hasSuffix("mp3") ? "TBPM" : "BPM"
        try FFmpegCommand.run([
            "-i", try TestFiles.path(.named(name)), "-c", "copy", "-metadata", "title=Größe \u{1F3B5}\u{7}\nNacht",
            "-metadata", "ARTIST=Ærøskøbing", "-metadata", "album=Ein  Album", "-metadata", "genre=Techno",
            "-metadata", "date=1997-05-03", "-metadata", "\(tempoKey)=127", path,
        ])
        let tags = try FFmpegTagReader().tags(atPath: path)
        #expect(tags.title == "Größe \u{1F3B5} Nacht")
        #expect(tags.artist == "Ærøskøbing")
        #expect(tags.album == "Ein Album")
        #expect(tags.genre == "Techno")
        #expect(tags.year == 1997)
        #expect(tags.bpm == 127 || name.hasSuffix("m4a"))
        #expect(abs((tags.durationSeconds ?? 0) - TestFiles.seconds) < 0.1)
        #expect(!tags.hasCover)
        #expect(try FFmpegTagReader().cover(atPath: path) == nil)
    }

    @Test(arguments: ["plain.mp3", "plain.flac", "plain.m4a"], ["png", "jpg"])
    func readsCovers(_ name: String, _ kind: String) throws {
        let folder = try TemporaryFolder()
        let (picture, path) = (folder("cover.\(kind)"), folder(name))
        try FFmpegCommand.run(["-f", "lavfi", "-i", "testsrc=s=200x200:d=1", "-frames:v", "1", picture])
        try FFmpegCommand.run([
            "-i", try TestFiles.path(.named(name)), "-i", picture, "-map", "0:a", "-map", "1:v", "-c", "copy",
            "-disposition:v", "attached_pic", path,
        ])
        #expect(try FFmpegTagReader().tags(atPath: path).hasCover)
        let cover = try #require(try FFmpegTagReader().cover(atPath: path))
        #expect(cover.mimeType == (kind == "png" ? "image/png" : "image/jpeg"))
        #expect(cover.bytes == folder.bytes(of: "cover.\(kind)"))
    }

    /// Ogg carries pictures in a comment, as base 64 of a FLAC picture block.
    @Test func readsOggCover() throws {
        let folder = try TemporaryFolder()
        let picture = folder("cover.png")
        try FFmpegCommand.run(["-f", "lavfi", "-i", "testsrc=s=50x50:d=1", "-frames:v", "1", picture])
        let bytes = folder.bytes(of: "cover.png")
        func number(_ value: Int) -> [UInt8] { withUnsafeBytes(of: UInt32(value).bigEndian) { Array($0) } }
        let type = Array("image/png".utf8)
        var block = number(3) + number(type.count) + type + number(0)
        block += number(50) + number(50) + number(24) + number(0) + number(bytes.count) + bytes
        let path = folder("cover.ogg")
        try FFmpegCommand.run([
            "-i", try TestFiles.path(.named("plain.ogg")), "-c", "copy", "-metadata",
            "METADATA_BLOCK_PICTURE=" + Data(block).base64EncodedString(), path,
        ])
        let cover = try #require(try FFmpegTagReader().cover(atPath: path))
        #expect(cover.bytes == bytes && cover.mimeType == "image/png")
        #expect(
            try AudioFile(path: path).frameCount
                == (try AudioFile(path: TestFiles.path(.named("plain.ogg")))).frameCount)
    }

    @Test func longAndOddTextIsBounded() throws {
        let folder = try TemporaryFolder()
        let path = folder("long.mp3")
        try FFmpegCommand.run([
            "-i", try TestFiles.path(.named("plain.mp3")), "-c", "copy", "-metadata",
            "title=" + String(repeating: "é", count: 9_000), "-metadata", "artist= \t ", "-metadata", "date=soon",
            "-metadata", "TBPM=-3", path,
        ])
        let tags = try FFmpegTagReader().tags(atPath: path)
        #expect(tags.title == String(repeating: "é", count: 512))
        #expect(tags.artist == nil && tags.year == nil && tags.bpm == nil)
    }

    /// What old programs wrote in their own code page reads as Latin-1, not as an error.
    @Test func latinTextIsRead() throws {
        let folder = try TemporaryFolder()
        var bytes = TestFiles.folder.bytes(
            of: URL(fileURLWithPath: try TestFiles.path(.named("untagged.mp3"))).lastPathComponent)
        var tag = Array("TAG".utf8) + Array("Caf".utf8) + [0xe9]
        tag += [UInt8](repeating: 0, count: 33 - tag.count) + Array("Someone".utf8)
        bytes += tag + [UInt8](repeating: 0, count: 127 - tag.count) + [255]
        let tags = try FFmpegTagReader().tags(atPath: try folder.write(bytes, to: "old.mp3"))
        #expect(tags.title == "Café")
        #expect(tags.artist == "Someone")
    }
}
