import ForeverCodec
import ForeverMix
import ForeverTestKit
import Foundation
import Testing

/// Files that are broken, wrong or malicious: an error or bounded silence, never a crash, a hang or a foreign file.
struct HostileFileTests {
    /// Opens and plays `path` from several places; gives the frame count, nil if it was refused.
    private func play(_ path: String) throws -> Int64? {
        _ = try? FFmpegTagReader().tags(atPath: path)
        _ = try? FFmpegTagReader().cover(atPath: path)
        guard let file = try? AudioFile(path: path) else { return nil }
        #expect(file.frameCount > 0 && file.frameCount <= 24 * 3600 * 48_000)
        for start in [0, file.frameCount / 2, max(0, file.frameCount - 5_000)] {
            let part = try file.frames(from: start, count: 20_000)
            let worst = (part.left + part.right).reduce(Float(0)) { max($0, $1.isFinite ? abs($1) : .infinity) }
            #expect(worst < 256)
        }
        return file.frameCount
    }

    @Test func whatIsNoMusicIsRefused() throws {
        let folder = try TemporaryFolder()
        var dice = Dice(seed: 1)
        let noise = (0..<200_000).map { _ in UInt8.random(in: 0...255, using: &dice) }
        let playlist = "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n\(try TestFiles.path(.named("plain.mp3")))\n"
        let concat = "ffconcat version 1.0\nfile '\(try TestFiles.path(.named("plain.mp3")))'\n"
        let texts: [(String, [UInt8])] = [
            ("empty.mp3", []), ("one.flac", [0]), ("zeros.wav", [UInt8](repeating: 0, count: 100_000)),
            ("text.mp3", Array(String(repeating: "no music here\n", count: 5_000).utf8)), ("noise.ogg", noise),
            ("noise.m4a", noise), ("noise.wav", noise), ("list.m3u8", Array(playlist.utf8)),
            ("list.mp3", Array(playlist.utf8)), ("concat.mp3", Array(concat.utf8)),
            ("sdp.mp3", Array("v=0\nm=audio 9 RTP/AVP 0\nc=IN IP4 127.0.0.1\n".utf8)),
            ("head.wav", Array("RIFF\u{1}\u{1}\u{1}\u{1}WAVEfmt ".utf8)), ("page.ogg", Array("OggS".utf8)),
            ("only.flac", Array("fLaC".utf8)), ("only.mp3", Array("ID3".utf8)),
        ]
        for (name, bytes) in texts {
            let path = try folder.write(bytes, to: name)
            #expect(throws: CodecError.self, "\(name)") { try AudioFile(path: path) }
            #expect(throws: CodecError.self, "\(name)") { try FFmpegTagReader().tags(atPath: path) }
        }
    }

    @Test func whatIsNoFileIsRefused() throws {
        let folder = try TemporaryFolder()
        #expect(mkfifo(folder("pipe.mp3"), 0o600) == 0)
        for path in [
            folder("absent.mp3"), folder.path, folder("pipe.mp3"), "/dev/zero", "",
            "http://127.0.0.1:9/x.mp3",
            "concat:/etc/passwd|/etc/passwd", "file:\(try TestFiles.path(.named("plain.mp3")))", "a\0b.mp3",
        ] {
            #expect(throws: CodecError.self, "\(path)") { try AudioFile(path: path) }
        }
    }

    @Test func picturesAndFilmsAreRefused() throws {
        let folder = try TemporaryFolder()
        try FFmpegCommand.run(["-f", "lavfi", "-i", "testsrc=s=64x64:d=1", "-frames:v", "1", folder("a.png")])
        try FFmpegCommand.run(["-f", "lavfi", "-i", "testsrc=s=64x64:d=1", "-c:v", "mpeg4", folder("b.mp4")])
        try FFmpegCommand.run(["-i", TestFiles.original, "-t", "1", folder("c.mkv")])
        for name in ["a.png", "b.mp4", "c.mkv"] {
            #expect(throws: CodecError.self, "\(name)") { try AudioFile(path: folder(name)) }
        }
    }

    /// The extension does not matter, the contents do.
    @Test func wrongExtensionPlays() throws {
        let folder = try TemporaryFolder()
        for (name, wrong) in [
            ("plain.flac", "a.mp3"), ("plain.mp3", "b.wav"), ("plain.ogg", "c.m4a"), ("dvd.wav", "d"),
        ] {
            let right = try AudioFile(path: try TestFiles.path(.named(name)))
            let bytes = TestFiles.folder.bytes(of: name)
            #expect(try AudioFile(path: try folder.write(bytes, to: wrong)).frameCount == right.frameCount)
        }
    }

    @Test(arguments: TestFile.all.map(\.name))
    func truncatedAtAnyPlace(_ name: String) throws {
        let folder = try TemporaryFolder()
        let bytes = try TestFiles.short(.named(name), seconds: 1.5, in: folder)
        let whole = try #require(try play(folder("short-" + name)))
        for part in [1, 3, 20, 60, 97] {
            let count = try play(try folder.write(Array(bytes.prefix(bytes.count * part / 100)), to: "cut-" + name))
            #expect((count ?? 0) <= whole + 5_000)
        }
    }

    /// Bytes changed at random, near the head more often; 15 times for every format.
    @Test(arguments: TestFile.all.map(\.name))
    func mutated(_ name: String) throws {
        let folder = try TemporaryFolder()
        let bytes = try TestFiles.short(.named(name), seconds: 0.8, in: folder)
        var mutation = FileMutation(seed: UInt64(name.utf8.reduce(0) { $0 &* 31 &+ UInt($1) }))
        for round in 0..<15 {
            let changed = mutation.next(bytes)
            _ = try play(try folder.write(changed, to: "\(round % 2)-" + name))
        }
    }

    /// A damaged stretch in the middle is silence, or nearly the sound; before and after all is as it was.
    @Test(arguments: ["plain.mp3", "plain.flac", "plain.m4a", "plain.ogg", "plain.opus", "lossless.oga", "plain.aac"])
    func damageInTheMiddleKeepsTheRest(_ name: String) throws {
        let folder = try TemporaryFolder()
        let whole = try AudioFile(path: try TestFiles.path(.named(name)))
        var bytes = TestFiles.folder.bytes(of: name)
        // From 60 % on, some thousand bytes of noise.
        var dice = Dice(seed: 3)
        let start = bytes.count * 6 / 10
        for place in start..<start + 9_000 { bytes[place] = UInt8.random(in: 0...255, using: &dice) }
        let broken = try AudioFile(path: try folder.write(bytes, to: name))
        // MP3 padding at the end is taken off only where the frame count of its tag is reached.
        #expect(abs(broken.frameCount - whole.frameCount) <= (name.hasSuffix("mp3") ? 2_600 : 0))
        let (before, after) = (Int64(200_000), whole.frameCount - 60_000)
        for place in [before, after] {
            let (one, other) = (
                try whole.frames(from: place, count: 4_000), try broken.frames(from: place, count: 4_000)
            )
            #expect(one.left.elementsEqual(other.left), "from \(place)")
        }
        let all = try broken.all()
        #expect((all.left + all.right).allSatisfy { $0.isFinite && abs($0) <= 64 })
    }

    /// A header that promises more than there is ends where the file ends.
    @Test func declaredSizesAreNotBelieved() throws {
        let folder = try TemporaryFolder()
        var bytes = try TestFiles.short(.named("dvd.wav"), seconds: 1, in: folder)
        let data = try #require(bytes.firstRange(of: Array("data".utf8))).upperBound
        for size in [UInt32(0xffff_ffff), 0x7fff_ffff, 0] {
            withUnsafeBytes(of: size.littleEndian) { bytes.replaceSubrange(data..<data + 4, with: $0) }
            let count = try play(try folder.write(bytes, to: "big.wav"))
            #expect(count == nil || count! <= 48_000 + 100)
        }
    }

    @Test func unboundedSamplesAreTamed() throws {
        let folder = try TemporaryFolder()
        var samples: [Float] = (0..<96_000).map { Float(sin(Double($0) / 20)) / 2 }
        for (place, value) in [(1_000, Float.nan), (2_000, .infinity), (3_000, -.infinity), (4_000, 1e38)] {
            samples[place] = value
        }
        let raw = samples.withUnsafeBytes { Array($0) }
        for rate in ["48000", "44100"] {
            try FFmpegCommand.run([
                "-f", "f32le", "-ar", rate, "-ac", "2", "-i", try folder.write(raw, to: "raw"), "-c:a", "pcm_f32le",
                folder("wild.wav"),
            ])
            let heard = try AudioFile(path: folder("wild.wav")).all()
            #expect((heard.left + heard.right).allSatisfy { $0.isFinite && abs($0) < 100 })
            #expect(heard.left[10_000..<11_000].contains { abs($0) > 0.3 })
        }
    }

    /// Sound that changes its rate on the way plays on for its declared time.
    @Test func changedRateIsBounded() throws {
        let folder = try TemporaryFolder()
        let first = try TestFiles.short(
            TestFile(name: "a.mp3", arguments: ["-write_xing", "0"]), seconds: 2, in: folder)
        let second = try TestFiles.short(
            TestFile(name: "b.mp3", arguments: ["-write_xing", "0", "-ar", "48000", "-id3v2_version", "0"]), seconds: 2,
            in: folder)
        let count = try #require(try play(try folder.write(first + second, to: "both.mp3")))
        #expect(abs(count - 4 * 48_000) < 10_000)
    }
}
