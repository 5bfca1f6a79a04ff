import Foundation

/// One entry while it sounds: its source, its stretcher, its fades. **Thread:** one.
final class MixVoice {
    private(set) var entry: MixEntry
    private let window: SourceWindow
    private let track: StretchedTrack
    private let bands: BandSplit
    private let gain: Float
    /// The stretched track around the chunk, `BandSplit.reachFrames` more on both sides.
    private let left = FloatBlock(BandSplit.chunkFrames + 2 * BandSplit.reachFrames)
    private let right = FloatBlock(BandSplit.chunkFrames + 2 * BandSplit.reachFrames)
    private let bass = FloatBlock(BandSplit.chunkFrames)
    private let belowTreble = FloatBlock(BandSplit.chunkFrames)
    /// Of the middle, of the bass and of the treble.
    private let gains = FloatBlock(BandSplit.chunkFrames)
    private let bassGains = FloatBlock(BandSplit.chunkFrames)
    private let trebleGains = FloatBlock(BandSplit.chunkFrames)
    private let curve = FloatBlock(BandSplit.chunkFrames)
    /// The chunk held in `left` and `right`.
    private var heldChunk: Int64?
    private var echo: EchoTail?

    init(_ entry: MixEntry, source: any SampleSource, bands: BandSplit) {
        self.entry = entry
        self.bands = bands
        window = SourceWindow(source, offset: entry.dcOffset ?? DCOffset())
        track = StretchedTrack(window, map: entry.map)
        gain = Float(pow(10, entry.gainDecibels / 20))
        echo = entry.fadeOut?.echo.map(EchoTail.init)
    }

    /// What went wrong with the source; from then on it is silence.
    var failure: (any Error)? { window.failure }

    /// Whether the entry can be followed by this voice: the same track at the same level.
    func canFollow(_ entry: MixEntry) -> Bool {
        entry.index == self.entry.index && entry.trackID == self.entry.trackID
            && entry.gainDecibels == self.entry.gainDecibels && entry.dcOffset == self.entry.dcOffset
    }

    /// Goes on as `entry` says from the next chunk on.
    func follow(_ entry: MixEntry) {
        if entry.map != self.entry.map { track.follow(entry.map) }
        if entry.map != self.entry.map || entry.fadeOut?.echo != echo?.echo {
            echo = entry.fadeOut?.echo.map(EchoTail.init)
        }
        self.entry = entry
        heldChunk = nil
    }

    /// Adds its part of chunk number `chunk` to the mix.
    func add(chunk: Int64, to mixLeft: UnsafeMutablePointer<Float>, _ mixRight: UnsafeMutablePointer<Float>) {
        let frames = BandSplit.chunkFrames
        let start = chunk * Int64(frames)
        let from = Int(min(max(entry.startFrame - start, 0), Int64(frames)))
        let to = Int(min(max(entry.endFrame - start, 0), Int64(frames)))
        guard from < to else { return }
        hold(chunk)
        writeGains(from: start)
        add(left.pointer, to: mixLeft, range: from..<to, from: start)
        add(right.pointer, to: mixRight, range: from..<to, from: start)
    }

    /// Tells `trace` of chunk number `chunk`, the one added last: the track before its fade, its bass after it.
    func describe(_ chunk: Int64, to trace: VoiceTrace) {
        guard heldChunk == chunk else { return }
        let frames = BandSplit.chunkFrames
        let reach = BandSplit.reachFrames
        let (squares, bassSquares, bass, gains) = (curve.pointer, belowTreble.pointer, bass.pointer, bassGains.pointer)
        let (centreLeft, centreRight) = (left.pointer + reach, right.pointer + reach)
        // Differences, not samples: the ripple of a low note is no attack.
        for i in 0..<frames {
            let (left, right) = (centreLeft[i] - centreLeft[i - 1], centreRight[i] - centreRight[i - 1])
            squares[i] = left * left + right * right
        }
        for (at, samples) in [left.pointer, right.pointer].enumerated() {
            bands.take(samples)
            bands.writeBass(into: bass)
            for i in 0..<frames {
                let value = bass[i] * gains[i]
                bassSquares[i] = at == 0 ? value * value : bassSquares[i] + value * value
            }
        }
        trace.add(squares, bass: bassSquares)
    }

    /// Reads the stretched track around the chunk, reading on where it can.
    private func hold(_ chunk: Int64) {
        guard heldChunk != chunk else { return }
        let frames = BandSplit.chunkFrames
        let reach = BandSplit.reachFrames
        let start = chunk * Int64(frames) - Int64(reach)
        if let heldChunk, heldChunk + 1 == chunk {
            left.drop(frames)
            right.drop(frames)
            read(from: start + Int64(2 * reach), count: frames, at: 2 * reach)
        } else {
            read(from: start, count: frames + 2 * reach, at: 0)
        }
        heldChunk = chunk
    }

    private func read(from start: Int64, count: Int, at offset: Int) {
        let (left, right) = (left.pointer + offset, right.pointer + offset)
        if echo.map({ start < $0.startFrame }) ?? true {
            track.read(from: start, count: count, left: left, right: right)
        }
        echo?.write(over: track, from: start, count: count, left: left, right: right)
    }

    private func isParted(_ start: Int64, _ parts: (Fade, Range<Int64>) -> Bool) -> Bool {
        let frames = start..<start + Int64(BandSplit.chunkFrames)
        return entry.fadeIn.map { parts($0, frames) } ?? false || entry.fadeOut.map { parts($0, frames) } ?? false
    }

    private func writeGains(from start: Int64) {
        for block in [gains, bassGains, trebleGains] { block.fill(gain) }
        apply(entry.fadeIn, .rising, from: start)
        if let lift = entry.fadeIn?.lift { raise(by: lift, from: start) }
        apply(entry.fadeOut, .falling, from: start)
    }

    private func apply(_ fade: Fade?, _ direction: FadeCurve.Direction, from start: Int64) {
        guard let fade else { return }
        let whole = Fade.Span(startFrame: fade.startFrame, endFrame: fade.endFrame)
        func curve(_ span: Fade.Span?) -> FadeCurve {
            let span = span ?? whole
            return FadeCurve(startFrame: span.startFrame, endFrame: span.endFrame, direction, shape: fade.shape)
        }
        multiply(gains, by: curve(fade.middle), from: start)
        multiply(bassGains, by: curve(fade.bassSwap), from: start)
        multiply(trebleGains, by: curve(fade.treble), from: start)
        if let trim = TrimCurve(fade, direction) {
            trim.multiply(bassGains.pointer, from: start, count: BandSplit.chunkFrames)
        }
    }

    /// Brings all bands up together, from wherever each of them is.
    private func raise(by lift: Fade.Span, from start: Int64) {
        let frames = BandSplit.chunkFrames
        let rise = FadeCurve(startFrame: lift.startFrame, endFrame: lift.endFrame, .rising)
        guard !rise.isZero(over: start..<start + Int64(frames)) else { return }
        rise.write(from: start, count: frames, into: curve.pointer)
        let curve = curve.pointer
        for block in [gains.pointer, bassGains.pointer, trebleGains.pointer] {
            for i in 0..<frames { block[i] = max(block[i], gain * curve[i]) }
        }
    }

    private func multiply(_ block: FloatBlock, by fade: FadeCurve, from start: Int64) {
        let frames = BandSplit.chunkFrames
        guard !fade.isOne(over: start..<start + Int64(frames)) else { return }
        fade.write(from: start, count: frames, into: curve.pointer)
        let (block, curve) = (block.pointer, curve.pointer)
        for i in 0..<frames { block[i] *= curve[i] }
    }

    private func add(
        _ samples: UnsafeMutablePointer<Float>, to mix: UnsafeMutablePointer<Float>, range: Range<Int>,
        from start: Int64
    ) {
        let centre = samples + BandSplit.reachFrames
        let gains = gains.pointer
        guard isParted(start, { $0.partsBands(in: $1) }) else {
            for i in range { mix[i] += centre[i] * gains[i] }
            return
        }
        bands.take(samples)
        bands.writeBass(into: bass.pointer)
        let (bass, bassGains) = (bass.pointer, bassGains.pointer)
        guard isParted(start, { $0.partsTreble(in: $1) }) else {
            for i in range { mix[i] += centre[i] * gains[i] + bass[i] * (bassGains[i] - gains[i]) }
            return
        }
        bands.writeBelowTreble(into: belowTreble.pointer)
        let (below, trebleGains) = (belowTreble.pointer, trebleGains.pointer)
        for i in range {
            let upper = centre[i] * trebleGains[i] + below[i] * (gains[i] - trebleGains[i])
            mix[i] += upper + bass[i] * (bassGains[i] - gains[i])
        }
    }
}
