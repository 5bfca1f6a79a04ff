/// One run of the phase vocoder: where in the source each output frame of it is taken from.
///
/// Around every anchor the map runs at rate 1, so that attacks are moved and not stretched; the time between takes up
/// the whole change of speed. Before its first anchor and after its last a run goes on at rate 1.
struct StretchRun: Sendable {
    /// Its anchors, ascending; the first is where the run begins with the source's own phases.
    let anchors: [StretchPoint]
    /// Frames before each anchor at rate 1.
    let framesBefore: [Int64]
    /// Frames after its start in which the span before fades over into it.
    let blendFrames: Int
    /// Corners of the piecewise-linear map, plateaus included.
    private let corners: [StretchPoint]

    /// The longest plateau on one side of an anchor: half the vocoder's window.
    static let plateauFramesMax = PhaseVocoder.windowFrames / 2

    /// The run between `ramp[first]` and `ramp[last]`.
    init(_ ramp: [StretchPoint], first: Int, last: Int) {
        anchors = Array(ramp[first...last])
        func room(_ i: Int) -> Int64 {
            let least = min(ramp[i + 1].source - ramp[i].source, ramp[i + 1].output - ramp[i].output)
            return min(Int64(StretchRun.plateauFramesMax), least * 2 / 5)
        }
        var before: [Int64] = [Int64(StretchRun.plateauFramesMax)]
        var corners: [StretchPoint] = []
        for i in first..<last {
            let plateau = room(i)
            corners.append(ramp[i])
            corners.append(StretchPoint(source: ramp[i].source + plateau, output: ramp[i].output + plateau))
            corners.append(StretchPoint(source: ramp[i + 1].source - plateau, output: ramp[i + 1].output - plateau))
            before.append(plateau)
        }
        corners.append(ramp[last])
        self.corners = corners
        framesBefore = before
        blendFrames = Int(room(first))
    }

    var start: Int64 { anchors[0].output }

    /// The source frame for output frame `output`; `corner` is a hint that is moved along and never back.
    func source(at output: Int64, corner: inout Int) -> Int64 {
        let first = corners[0]
        if output <= first.output { return first.source + output - first.output }
        let last = corners[corners.count - 1]
        if output >= last.output { return last.source + output - last.output }
        while corners[corner + 1].output <= output { corner += 1 }
        let a = corners[corner]
        let b = corners[corner + 1]
        let wide = b.output - a.output
        let length = b.source - a.source
        if wide == length { return a.source + output - a.output }
        return a.source + ((output - a.output) * length + wide / 2) / wide
    }
}
