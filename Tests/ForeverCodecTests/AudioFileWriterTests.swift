import ForeverCodec
import ForeverMix
import ForeverTestKit
import Foundation
import Testing

/// Files that are written read back as what was written, and the same samples give the same bytes.
struct AudioFileWriterTests {
    private static let sound: StereoBuffer = {
        var dice = Dice(seed: 5)
        var buffer = StereoBuffer(frameCount: 100_003)
        for index in 0..<buffer.frameCount {
            buffer.left[index] = Float(0.6 * sin(Double(index) / 30)) + Float.random(in: -0.05...0.05, using: &dice)
            buffer.right[index] = Float(0.5 * sin(Double(index) / 17))
        }
        return buffer
    }()

    private func write(_ path: String, blockFrames: Int, kbps: Int = 320) throws {
        let writer = try AudioFileWriter(path: path, bitrateKbps: kbps)
        for start in stride(from: 0, to: Self.sound.frameCount, by: blockFrames) {
            let range = start..<min(start + blockFrames, Self.sound.frameCount)
            try writer.write(
                StereoBuffer(left: Array(Self.sound.left[range]), right: Array(Self.sound.right[range])))
        }
        try writer.finish()
    }

    @Test func waveIsExact() throws {
        let folder = try TemporaryFolder()
        try write(folder("a.wav"), blockFrames: 4_096)
        let heard = try AudioFile(path: folder("a.wav")).all()
        #expect(heard.left.elementsEqual(Self.sound.left) && heard.right.elementsEqual(Self.sound.right))
        let others = try FFmpegCommand.decode(folder("a.wav"))
        #expect(others.left.elementsEqual(Self.sound.left))
    }

    @Test func flacIsExactTo24Bits() throws {
        let folder = try TemporaryFolder()
        try write(folder("a.flac"), blockFrames: 1_000)
        let heard = try AudioFile(path: folder("a.flac")).all()
        #expect(heard.frameCount == Self.sound.frameCount)
        #expect(zip(heard.left, Self.sound.left).allSatisfy { abs($0 - $1) <= 0x1p-24 })
    }

    @Test func mp3IsGapless() throws {
        let folder = try TemporaryFolder()
        try write(folder("a.MP3"), blockFrames: 1_000, kbps: 256)
        let heard = try AudioFile(path: folder("a.MP3")).all()
        #expect(heard.frameCount == Self.sound.frameCount)
        let range = 2_000..<98_000
        #expect(residual(heard.left, Self.sound.left, lag: 0, range: range) < 0.1)
    }

    @Test(arguments: ["wav", "flac", "mp3"])
    func sameSamplesSameBytes(_ kind: String) throws {
        let folder = try TemporaryFolder()
        try write(folder("a.\(kind)"), blockFrames: 1_000)
        try write(folder("b.\(kind)"), blockFrames: 33_333)
        #expect(folder.bytes(of: "a.\(kind)") == folder.bytes(of: "b.\(kind)"))
    }

    @Test func refusesWhatItCannotWrite() throws {
        let folder = try TemporaryFolder()
        for name in ["a.aac", "a", "wav", "none/a.wav", "none/a.mp3"] {
            #expect(throws: CodecError.self, "\(name)") { try AudioFileWriter(path: folder(name)) }
        }
        #expect(throws: CodecError.self) { try AudioFileWriter(path: folder("a.mp3"), bitrateKbps: 100) }
        #expect(throws: CodecError.self) { try AudioFileWriter(path: "/dev/full.wav/x.wav") }
    }

    @Test func emptyFilesAreWhole() throws {
        let folder = try TemporaryFolder()
        for name in ["a.wav", "a.flac", "a.mp3"] {
            let writer = try AudioFileWriter(path: folder(name))
            try writer.finish()
            try writer.finish()
        }
        #expect(folder.bytes(of: "a.wav").count == 94)
    }
}
