import ForeverCodec
import ForeverMix
import ForeverTestKit
import Testing

/// Every format: the frame count to the frame, the sound where ffmpeg puts it, no sound of the codec's own around it.
struct AudioFileFormatTests {
    @Test(arguments: TestFile.all)
    func agreesWithFFmpeg(_ kind: TestFile) throws {
        let path = try TestFiles.path(kind)
        let file = try AudioFile(path: path)
        let heard = try file.all()
        let reference = try FFmpegCommand.decode(path, before: kind.referenceDecoder)
        #expect(abs(Int(file.frameCount) - reference.left.count) <= (kind.name.hasSuffix("m4a") ? 1200 : 1))

        let range = 5_000..<min(heard.frameCount, reference.left.count) - 5_000
        for (ours, theirs) in [(heard.left, reference.left), (heard.right, reference.right)] {
            let difference = residual(ours, theirs, lag: 0, range: range)
            #expect(difference <= kind.tolerance)
            for lag in [-2, -1, 1, 2] {
                #expect(residual(ours, theirs, lag: lag, range: range) > difference)
            }
        }
    }

    @Test(arguments: TestFile.all.filter(\.isGapless))
    func isAsLongAsTheOriginal(_ kind: TestFile) throws {
        let file = try AudioFile(path: try TestFiles.path(kind))
        let original = try AudioFile(path: TestFiles.original)
        #expect(original.frameCount == (TestFiles.originalFrames * 160 + 146) / 147)
        // A resampled original may itself be a frame longer or shorter at its own rate.
        let slack = Int64((48_000 + file.fileSampleRate - 1) / file.fileSampleRate)
        #expect(abs(file.frameCount - original.frameCount) <= (file.fileSampleRate == 44_100 ? 0 : slack))
    }

    /// Lossless ones are the original itself.
    @Test(arguments: ["plain.flac", "lossless.m4a", "lossless.oga", "plain.aiff"])
    func losslessIsTheOriginal(_ name: String) throws {
        let heard = try AudioFile(path: try TestFiles.path(.named(name))).all()
        let original = try AudioFile(path: TestFiles.original).all()
        let worst = zip(heard.left, original.left).map { abs($0 - $1) }.max() ?? 1
        #expect(heard.frameCount == original.frameCount)
        #expect(worst < 2 / 32_768)
    }

    /// Lossy ones begin and end where the original does.
    @Test(arguments: ["plain.mp3", "plain.m4a", "plain.ogg", "plain.opus"])
    func lossyLiesOnTheOriginal(_ name: String) throws {
        let heard = try AudioFile(path: try TestFiles.path(.named(name))).all()
        let original = try AudioFile(path: TestFiles.original).all()
        for range in [2_000..<50_000, 300_000..<400_000, heard.frameCount - 50_000..<heard.frameCount - 2_000] {
            let difference = residual(heard.left, original.left, lag: 0, range: range)
            #expect(difference < 0.35)
            for lag in [-48, -24, -12, -6, -3, -2, -1, 1, 2, 3, 6, 12, 24, 48] {
                #expect(residual(heard.left, original.left, lag: lag, range: range) > difference)
            }
        }
    }

    @Test func outsideTheTrackIsSilence() throws {
        let file = try AudioFile(path: try TestFiles.path(.named("plain.mp3")))
        let end = file.frameCount
        var buffer = StereoBuffer(left: [Float](repeating: 9, count: 300), right: [Float](repeating: 9, count: 300))
        try file.read(from: -100, count: 200, into: &buffer, at: 50)
        #expect(buffer.left[..<50].allSatisfy { $0 == 9 } && buffer.left[250...].allSatisfy { $0 == 9 })
        #expect(buffer.left[50..<150].allSatisfy { $0 == 0 } && buffer.right[50..<150].allSatisfy { $0 == 0 })
        #expect(Array(buffer.right[150..<250]) == (try file.frames(from: 0, count: 100)).right)

        let tail = try file.frames(from: end - 10, count: 50)
        #expect(tail.left[10...].allSatisfy { $0 == 0 })
        #expect(try file.frames(from: end, count: 20) == StereoBuffer(frameCount: 20))
        #expect(try file.frames(from: Int64.max - 5, count: 20) == StereoBuffer(frameCount: 20))
        #expect(try file.frames(from: -500, count: 20) == StereoBuffer(frameCount: 20))
        #expect(try file.frames(from: 7, count: 0).frameCount == 0)
    }

    /// An embedded picture is not sound, and a video track is passed over.
    @Test func onlySoundIsDecoded() throws {
        let folder = try TemporaryFolder()
        let plain = try TestFiles.path(.named("plain.mp3"))
        let (picture, covered, film) = (folder("p.png"), folder("c.mp3"), folder("v.mp4"))
        try FFmpegCommand.run(["-f", "lavfi", "-i", "testsrc=s=640x640:d=1", "-frames:v", "1", picture])
        try FFmpegCommand.run([
            "-i", plain, "-i", picture, "-map", "0:a", "-map", "1:v", "-c", "copy", "-disposition:v", "attached_pic",
            covered,
        ])
        try FFmpegCommand.run([
            "-f", "lavfi", "-i", "testsrc=s=64x64:d=3", "-i", TestFiles.original, "-c:v", "mpeg4", "-c:a", "aac",
            "-shortest", film,
        ])
        let (heard, expected) = (try AudioFile(path: covered).all(), try AudioFile(path: plain).all())
        #expect(heard.left.elementsEqual(expected.left) && heard.right.elementsEqual(expected.right))
        let filmSound = try AudioFile(path: film)
        #expect(abs(filmSound.frameCount - 3 * 48_000) < 3_000)
        #expect(try FFmpegTagReader().cover(atPath: film) == nil)
    }
}
