/// What is kept of one side of a transition while it is rendered: how much it moves by the millisecond before its fade,
/// and its bass by the hundredth second after it.
final class VoiceTrace {
    static let levelFrames = 48
    static let bassFrames = 480

    /// Output frame of the first value.
    let startFrame: Int64
    private(set) var levels: [Float] = []
    /// Mean squares.
    private(set) var bassPowers: [Float] = []
    /// The chunk that comes next; others are left out.
    private(set) var nextChunk: Int64
    private var level = Sum()
    private var bass = Sum()

    private let silence = FloatBlock(BandSplit.chunkFrames)

    /// A sum that a chunk may leave unfinished.
    private struct Sum {
        var value: Float = 0
        var count = 0
    }

    /// **Cost:** allocates all that it will need for `chunkCount` chunks.
    init(firstChunk: Int64, chunkCount: Int) {
        startFrame = firstChunk * Int64(BandSplit.chunkFrames)
        nextChunk = firstChunk
        let frames = chunkCount * BandSplit.chunkFrames
        levels.reserveCapacity(frames / VoiceTrace.levelFrames + 2)
        bassPowers.reserveCapacity(frames / VoiceTrace.bassFrames + 2)
    }

    /// Adds a chunk's squares of both channels: of the sound's differences, and of its bass with its gain.
    func add(_ squares: UnsafePointer<Float>, bass bassSquares: UnsafePointer<Float>) {
        VoiceTrace.add(squares, every: VoiceTrace.levelFrames, sum: &level) { levels.append($0.squareRoot()) }
        VoiceTrace.add(bassSquares, every: VoiceTrace.bassFrames, sum: &bass) { bassPowers.append($0) }
        nextChunk += 1
    }

    /// Silence up to `chunk`: the track does not sound yet.
    func skip(to chunk: Int64) {
        while nextChunk < chunk { add(silence.pointer, bass: silence.pointer) }
    }

    @inline(__always)
    private static func add(
        _ squares: UnsafePointer<Float>, every length: Int, sum: inout Sum, append: (Float) -> Void
    ) {
        var done = 0
        while done < BandSplit.chunkFrames {
            let piece = min(length - sum.count, BandSplit.chunkFrames - done)
            var value = sum.value
            for i in done..<done + piece { value += squares[i] }
            sum.value = value
            sum.count += piece
            done += piece
            if sum.count == length {
                append(sum.value / Float(length))
                sum = Sum()
            }
        }
    }
}
