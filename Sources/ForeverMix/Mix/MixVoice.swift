import Foundation

/// One entry while it sounds: its source, its stretcher, its fades. **Thread:** one.
final class MixVoice {
    private(set) var entry: MixEntry
    private let window: SourceWindow
    private let track: StretchedTrack
    private let low: LowBand
    private let gain: Float
    /// The stretched track around the chunk, `LowBand.reachFrames` more on both sides.
    private let left = FloatBlock(LowBand.chunkFrames + 2 * LowBand.reachFrames)
    private let right = FloatBlock(LowBand.chunkFrames + 2 * LowBand.reachFrames)
    private let lowBand = FloatBlock(LowBand.chunkFrames)
    private let gains = FloatBlock(LowBand.chunkFrames)
    private let lowGains = FloatBlock(LowBand.chunkFrames)
    private let curve = FloatBlock(LowBand.chunkFrames)
    /// The chunk held in `left` and `right`.
    private var heldChunk: Int64?

    init(_ entry: MixEntry, source: any SampleSource, low: LowBand) {
        self.entry = entry
        self.low = low
        window = SourceWindow(source)
        track = StretchedTrack(window, map: entry.map)
        gain = Float(pow(10, entry.gainDecibels / 20))
    }

    /// What went wrong with the source; from then on it is silence.
    var failure: (any Error)? { window.failure }

    /// Whether the entry can be followed by this voice: the same track at the same level.
    func canFollow(_ entry: MixEntry) -> Bool {
        entry.index == self.entry.index && entry.trackID == self.entry.trackID
            && entry.gainDecibels == self.entry.gainDecibels
    }

    /// Goes on as `entry` says from the next chunk on.
    func follow(_ entry: MixEntry) {
        if entry.map != self.entry.map { track.follow(entry.map) }
        self.entry = entry
        heldChunk = nil
    }

    /// Adds its part of chunk number `chunk` to the mix.
    func add(chunk: Int64, to mixLeft: UnsafeMutablePointer<Float>, _ mixRight: UnsafeMutablePointer<Float>) {
        let frames = LowBand.chunkFrames
        let start = chunk * Int64(frames)
        let from = Int(min(max(entry.startFrame - start, 0), Int64(frames)))
        let to = Int(min(max(entry.endFrame - start, 0), Int64(frames)))
        guard from < to else { return }
        hold(chunk)
        writeGains(from: start)
        add(left.pointer, to: mixLeft, range: from..<to, from: start)
        add(right.pointer, to: mixRight, range: from..<to, from: start)
    }

    /// Reads the stretched track around the chunk, reading on where it can.
    private func hold(_ chunk: Int64) {
        guard heldChunk != chunk else { return }
        let frames = LowBand.chunkFrames
        let reach = LowBand.reachFrames
        let start = chunk * Int64(frames) - Int64(reach)
        if let heldChunk, heldChunk + 1 == chunk {
            left.drop(frames)
            right.drop(frames)
            track.read(
                from: start + Int64(2 * reach), count: frames, left: left.pointer + 2 * reach,
                right: right.pointer + 2 * reach)
        } else {
            track.read(from: start, count: frames + 2 * reach, left: left.pointer, right: right.pointer)
        }
        heldChunk = chunk
    }

    /// Whether the bass has a gain of its own somewhere in the chunk that begins at `start`.
    private func swapsBass(_ start: Int64) -> Bool {
        let end = start + Int64(LowBand.chunkFrames)
        return [entry.fadeIn, entry.fadeOut].contains { fade in
            guard let fade, let swap = fade.bassSwap else { return false }
            return min(fade.startFrame, swap.startFrame) < end && max(fade.endFrame, swap.endFrame) > start
        }
    }

    private func writeGains(from start: Int64) {
        gains.fill(gain)
        lowGains.fill(gain)
        for (fade, direction) in [(entry.fadeIn, FadeCurve.Direction.rising), (entry.fadeOut, .falling)] {
            guard let fade else { continue }
            let whole = FadeCurve(startFrame: fade.startFrame, endFrame: fade.endFrame, direction)
            multiply(gains, by: whole, from: start)
            if let swap = fade.bassSwap {
                multiply(
                    lowGains, by: FadeCurve(startFrame: swap.startFrame, endFrame: swap.endFrame, direction),
                    from: start)
            } else {
                multiply(lowGains, by: whole, from: start)
            }
        }
    }

    private func multiply(_ block: FloatBlock, by fade: FadeCurve, from start: Int64) {
        let frames = LowBand.chunkFrames
        guard !fade.isOne(over: start..<start + Int64(frames)) else { return }
        fade.write(from: start, count: frames, into: curve.pointer)
        let (block, curve) = (block.pointer, curve.pointer)
        for i in 0..<frames { block[i] *= curve[i] }
    }

    private func add(
        _ samples: UnsafeMutablePointer<Float>, to mix: UnsafeMutablePointer<Float>, range: Range<Int>,
        from start: Int64
    ) {
        let centre = samples + LowBand.reachFrames
        let gains = gains.pointer
        guard swapsBass(start) else {
            for i in range { mix[i] += centre[i] * gains[i] }
            return
        }
        low.write(samples, into: lowBand.pointer)
        let (bass, bassGains) = (lowBand.pointer, lowGains.pointer)
        for i in range { mix[i] += centre[i] * gains[i] + bass[i] * (bassGains[i] - gains[i]) }
    }
}
