/// A track's map as the stretcher carries it out: spans copied verbatim and runs of the phase vocoder.
///
/// Each run begins afresh at a knot and depends on nothing before it, so that any output frame can be made from the
/// source samples of its own run: at most about `runFramesMin` of pre-roll.
struct StretchLayout: Sendable {
    /// One span of output, up to the next span's start.
    struct Span: Sendable {
        /// First output frame.
        let start: Int64
        /// Frames from `start` on in which the span before fades over into this one.
        let blendFrames: Int
        let content: Content
    }

    enum Content: Sendable {
        /// Source frame = output frame + offset.
        case copy(offset: Int64)
        case run(StretchRun)
    }

    let spans: [Span]

    /// The least length of a run, unless its ramp ends: where one run fades over into the next, steady tones meet in
    /// different phases. **Units:** output frames.
    static let runFramesMin: Int64 = 960_000
    /// The distance to the next knot that a run should have at its start. **Units:** output frames.
    static let runRoomFrames = Int64(PhaseVocoder.windowFrames) * 5 / 4
    /// A run ends at the next knot after this, whatever its room. **Units:** output frames.
    static let runFramesMax: Int64 = 1_920_000

    init(_ knots: [MapKnot]) {
        let points = knots.map { StretchPoint(source: Int64($0.sourceFrame.rounded()), output: $0.outputFrame) }
        var spans = [
            Span(start: .min, blendFrames: 0, content: .copy(offset: points[0].source - points[0].output))
        ]
        var at = 0
        while at + 1 < points.count {
            if StretchLayout.isCopy(points[at], points[at + 1]) {
                at += 1
                continue
            }
            // The stretched stretch of the map: from here to where slope 1 begins again.
            var end = at + 1
            while end + 1 < points.count && !StretchLayout.isCopy(points[end], points[end + 1]) { end += 1 }
            let ramp = Array(points[at...end])
            var first = 0
            while first < ramp.count - 1 {
                var last = first + 1
                while last < ramp.count - 1 && !StretchLayout.mayRestart(ramp, from: first, at: last) { last += 1 }
                let run = StretchRun(ramp, first: first, last: last)
                spans.append(Span(start: ramp[first].output, blendFrames: run.blendFrames, content: .run(run)))
                first = last
            }
            let offset = points[end].source - points[end].output
            let room = end + 1 < points.count ? points[end + 1].output - points[end].output : .max
            let blend = min(Int64(StretchRun.plateauFramesMax), room / 5 * 2)
            spans.append(Span(start: points[end].output, blendFrames: Int(blend), content: .copy(offset: offset)))
            at = end
        }
        self.spans = spans
    }

    private static func isCopy(_ a: StretchPoint, _ b: StretchPoint) -> Bool {
        b.source - a.source == b.output - a.output
    }

    private static func mayRestart(_ ramp: [StretchPoint], from first: Int, at last: Int) -> Bool {
        let length = ramp[last].output - ramp[first].output
        if length >= runFramesMax { return true }
        return length >= runFramesMin && ramp[last + 1].output - ramp[last].output >= runRoomFrames
    }

    /// Index of the span that holds `frame`.
    func spanIndex(at frame: Int64) -> Int {
        var low = 0
        var high = spans.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if spans[middle].start <= frame { low = middle } else { high = middle }
        }
        return low
    }
}

/// A knot in whole frames.
struct StretchPoint: Sendable, Equatable {
    let source: Int64
    let output: Int64
}
