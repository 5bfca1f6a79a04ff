/// A track as it runs in the mix: any output frames of it, stretched along its map.
///
/// The sample at an output frame is a pure function of the map and the source: reading on is the cheap case, any
/// other place begins its run again. **Thread:** one.
final class StretchedTrack {
    private let window: SourceWindow
    private var layout: StretchLayout
    /// Runs take turns, so that one can fade over into the next.
    private let vocoders = [PhaseVocoder(), PhaseVocoder()]
    private let blendLeft = FloatBlock(StretchRun.plateauFramesMax)
    private let blendRight = FloatBlock(StretchRun.plateauFramesMax)

    init(_ window: SourceWindow, map: [MapKnot]) {
        self.window = window
        layout = StretchLayout(map)
    }

    /// Follows another map from the next read on.
    func follow(_ map: [MapKnot]) {
        layout = StretchLayout(map)
        for vocoder in vocoders { vocoder.forget() }
    }

    /// Writes output frames `start ..< start + count`.
    func read(
        from start: Int64, count: Int, left: UnsafeMutablePointer<Float>, right: UnsafeMutablePointer<Float>
    ) {
        var done = 0
        while done < count {
            let frame = start + Int64(done)
            let index = layout.spanIndex(at: frame)
            let span = layout.spans[index]
            var piece = count - done
            if index + 1 < layout.spans.count {
                piece = Int(min(Int64(piece), layout.spans[index + 1].start - frame))
            }
            let blendEnd = index > 0 ? span.start + Int64(span.blendFrames) : .min
            if frame < blendEnd {
                piece = Int(min(Int64(piece), blendEnd - frame))
                read(index - 1, from: frame, count: piece, left: blendLeft.pointer, right: blendRight.pointer)
                read(index, from: frame, count: piece, left: left + done, right: right + done)
                blend(
                    from: Int(frame - span.start), count: piece, of: span.blendFrames, left: left + done,
                    right: right + done)
            } else {
                read(index, from: frame, count: piece, left: left + done, right: right + done)
            }
            done += piece
        }
    }

    /// Writes frames of one span alone.
    private func read(
        _ index: Int, from start: Int64, count: Int, left: UnsafeMutablePointer<Float>,
        right: UnsafeMutablePointer<Float>
    ) {
        switch layout.spans[index].content {
        case .copy(let offset):
            var done = 0
            while done < count {
                let piece = min(count - done, SourceWindow.blockFrames)
                let samples = window.frames(from: start + Int64(done) + offset, count: piece)
                (left + done).update(from: samples.left, count: piece)
                (right + done).update(from: samples.right, count: piece)
                done += piece
            }
        case .run(let run):
            let vocoder = vocoders[index % vocoders.count]
            if !vocoder.canContinue(runStart: run.start, at: start) { vocoder.begin(run) }
            vocoder.read(from: start, count: count, source: window, left: left, right: right)
        }
    }

    /// Fades what is in the blend buffers out and the target in, from frame `first` of `length`.
    private func blend(
        from first: Int, count: Int, of length: Int, left: UnsafeMutablePointer<Float>,
        right: UnsafeMutablePointer<Float>
    ) {
        let oldLeft = blendLeft.pointer
        let oldRight = blendRight.pointer
        let step = 1 / Float(length)
        for i in 0..<count {
            let place = (Float(first + i) + 0.5) * step
            let share = place * place * (3 - 2 * place)
            left[i] = oldLeft[i] + (left[i] - oldLeft[i]) * share
            right[i] = oldRight[i] + (right[i] - oldRight[i]) * share
        }
    }
}
