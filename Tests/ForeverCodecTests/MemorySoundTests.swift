import ForeverCodec
import ForeverMix
import ForeverTestKit
import Testing

/// Sound that was never in a file.
@Suite struct MemorySoundTests {
    @Test(.enabled(if: Programs.tool("ffmpeg") != nil)) func joinedSegmentsSoundAsTheFileDoes() throws {
        let folder = try TemporaryFolder()
        let media = try FakeMedia.aac(
            ["-f", "lavfi", "-i", "aevalsrc=0.4*sin(440*2*PI*t)*(1+sin(3*t))/2:d=23"], in: folder)
        #expect(media.segments.count == 3)
        let memory = try AudioFile(bytes: media.bytes, name: "soundcloud:tracks:1")
        let file = try AudioFile(path: folder.write(media.bytes, to: "joined.m4a"))
        #expect(memory.path == "soundcloud:tracks:1")
        #expect(memory.frameCount == file.frameCount)
        #expect(abs(AudioFormat.seconds(memory.frameCount) - 23) < 0.1)
        for start in [Int64(0), 400_000, 1_000_000, memory.frameCount - 3_000] {
            var left = StereoBuffer(frameCount: 4_096)
            var right = StereoBuffer(frameCount: 4_096)
            try memory.read(from: start, count: 4_096, into: &left, at: 0)
            try file.read(from: start, count: 4_096, into: &right, at: 0)
            #expect(left.left == right.left && left.right == right.right)
        }
    }

    @Test func bytesThatAreNoSoundAreRefusedByName() {
        for bytes in [[], [1], Array("<html></html>".utf8), [UInt8](repeating: 0, count: 100_000)] {
            #expect { try AudioFile(bytes: bytes, name: "thing") } throws: { "\($0)".hasPrefix("thing") }
        }
    }
}
