import ForeverCodec
import ForeverMix
import ForeverTestKit
import Glibc
import Testing

/// The same frames, bit for bit, however they are asked for.
struct AudioFileReadTests {
    /// The formats people have; the others get fewer rounds.
    private static let everyday = [
        "dvd.wav", "plain.mp3", "variable.mp3", "plain.flac", "plain.ogg", "plain.opus", "plain.m4a",
    ]

    @Test(arguments: TestFile.all)
    func randomReadsEqualSequentialOnes(_ kind: TestFile) throws {
        let path = try TestFiles.path(kind)
        let whole = try AudioFile(path: path).all()
        let file = try AudioFile(path: path)
        var dice = Dice(seed: 7)
        let rounds = Self.everyday.contains(kind.name) ? 100 : 20
        for _ in 0..<rounds {
            let start = Int.random(in: 0..<whole.frameCount - 1, using: &dice)
            let count = min(Int.random(in: 1...3_000, using: &dice), whole.frameCount - start)
            let part = try file.frames(from: Int64(start), count: count)
            let isEqual =
                part.left.elementsEqual(whole.left[start..<start + count])
                && part.right.elementsEqual(whole.right[start..<start + count])
            guard isEqual else {
                Issue.record("differs within \(start)+\(count)")
                return
            }
        }
    }

    /// Blocks of any size, forward, and with small steps back as a stretcher reads.
    @Test(arguments: ["plain.mp3", "plain.opus", "plain.m4a", "plain.ogg"], [1, 977, 4_096, 100_000])
    func blockSizeDoesNotMatter(_ name: String, _ blockFrames: Int) throws {
        let path = try TestFiles.path(.named(name))
        let whole = try AudioFile(path: path).all()
        let file = try AudioFile(path: path)
        let span = blockFrames == 1 ? 239_500..<240_500 : 0..<whole.frameCount
        var position = span.lowerBound
        while position < span.upperBound {
            let count = min(blockFrames, span.upperBound - position)
            let part = try file.frames(from: Int64(position), count: count)
            guard part.left.elementsEqual(whole.left[position..<position + count]) else {
                Issue.record("differs at \(position)")
                return
            }
            position += max(1, count - blockFrames / 4)
        }
    }

    /// A frame is the same whichever instance read it, also two at a time.
    @Test func instancesDoNotDisturbEachOther() throws {
        let path = try TestFiles.path(.named("plain.ogg"))
        let (first, second) = (try AudioFile(path: path), try AudioFile(path: path))
        for start in stride(from: Int64(0), to: 500_000, by: 30_000) {
            let one = try first.frames(from: start, count: 1_000)
            _ = try second.frames(from: 500_000 - start, count: 500)
            let other = try second.frames(from: start, count: 1_000)
            #expect(one.left.elementsEqual(other.left) && one.right.elementsEqual(other.right))
        }
    }

    /// A file renamed away, or deleted, while it plays plays on.
    @Test func deletedFilePlaysOn() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(try TestFiles.short(.named("plain.mp3"), seconds: 3, in: folder), to: "gone.mp3")
        let expected = try AudioFile(path: path).all()
        let file = try AudioFile(path: path)
        _ = try folder.write([1, 2, 3], to: "other")
        try FFmpegCommand.run(["-i", path, folder("again.wav")])
        #expect(rename(folder("other"), path) == 0)
        let heard = try file.all()
        #expect(heard.left.elementsEqual(expected.left))
    }
}
