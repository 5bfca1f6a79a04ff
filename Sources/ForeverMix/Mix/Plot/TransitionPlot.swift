import Foundation

/// A transition drawn on the mix's clock: both tracks' waves with beats and bars, the mix between them, each band's
/// gains, how far either speed is pushed, the mix's loudness, and what was planned and measured in words.
public struct TransitionPlot {
    private let transition: MixTransition
    private let entries: [MixEntry]
    private let names: [String]
    private let analyses: [TrackAnalysis]
    private let report: TransitionReport?
    private let span: ClosedRange<Int64>
    private let waves: [PlotWave]
    private let mixWave: PlotWave
    private let loudness: [(frame: Int64, loudness: Double)]

    /// What is drawn before and after everything that moves. **Units:** s.
    private static let aroundSeconds = 8.0

    /// Output frames that a drawing of `transition` shows.
    public static func frames(of transition: MixTransition) -> ClosedRange<Int64> {
        let around = AudioFormat.frames(aroundSeconds)
        let first = max(0, min(transition.changesFrom, transition.startFrame) - around)
        return first...max(transition.settledFrame, transition.endFrame) + around
    }

    /// Of the transition into entry `index` of `timeline`; nil where nothing comes before it.
    ///
    /// - Parameters:
    ///   - mix: the rendered frames `frames(of:)`
    ///   - track: of an entry's track, what it is called, its analysis and its samples
    public init?(
        _ timeline: MixTimeline, into index: Int, mix: StereoBuffer, report: TransitionReport?,
        track: (String) throws -> (name: String, analysis: TrackAnalysis, source: any SampleSource)
    ) rethrows {
        guard let transition = timeline.transitions.first(where: { $0.toIndex == index }),
            let from = timeline.entries.first(where: { $0.index == transition.fromIndex }),
            let to = timeline.entries.first(where: { $0.index == index })
        else { return nil }
        self.transition = transition
        self.report = report
        entries = [from, to]
        let tracks = try entries.map { try track($0.trackID) }
        names = tracks.map(\.name)
        analyses = tracks.map(\.analysis)
        let span = TransitionPlot.frames(of: transition)
        self.span = span
        waves = zip(entries, tracks).map { PlotWave($1.source, entry: $0, span: span) }
        mixWave = PlotWave(mix)
        loudness = TransitionPlot.shortTerm(mix, from: span.lowerBound)
    }

    private static let width = 1_600.0
    private static let left = 90.0
    /// Where each band of the drawing begins, and how high it is. **Units:** pixels.
    private static let words = (top: 0.0, height: 84.0)
    private static let outgoing = (top: 90.0, height: 110.0)
    private static let mix = (top: 206.0, height: 90.0)
    private static let incoming = (top: 302.0, height: 110.0)
    private static let gains = (top: 422.0, height: 50.0)
    private static let speed = (top: 596.0, height: 70.0)
    private static let level = (top: 676.0, height: 100.0)
    private static let axis = (top: 782.0, height: 28.0)
    private static let colours = ["#c0392b", "#2471a3"]
    /// What the height of the speeds' band shows. **Units:** per cent either way.
    private static let speedPercent = 8.0
    /// What the height of the loudness' band shows. **Units:** LUFS.
    private static let levels = (top: -6.0, bottom: -36.0)

    /// A complete SVG document; the same transition gives the same bytes.
    public func svg() -> String {
        var canvas = SVGCanvas(
            width: TransitionPlot.width, height: TransitionPlot.axis.top + TransitionPlot.axis.height)
        let bottom = TransitionPlot.axis.top
        canvas.rectangle(
            x: x(transition.startFrame), y: TransitionPlot.outgoing.top,
            width: x(transition.endFrame) - x(transition.startFrame), height: bottom - TransitionPlot.outgoing.top,
            fill: "#fcf3cf")
        for beat in transition.beatFrames ?? [] {
            canvas.line(x: x(beat), from: TransitionPlot.outgoing.top, to: bottom, stroke: "#ccc", width: 0.5)
        }
        drawWords(&canvas)
        draw(mixWave, TransitionPlot.mix, "mix", "#566573", &canvas)
        draw(waves[0], TransitionPlot.outgoing, "outgoing", TransitionPlot.colours[0], &canvas)
        draw(waves[1], TransitionPlot.incoming, "incoming", TransitionPlot.colours[1], &canvas)
        drawBeats(of: 0, TransitionPlot.outgoing, &canvas)
        drawBeats(of: 1, TransitionPlot.incoming, &canvas)
        drawGains(&canvas)
        drawSpeed(&canvas)
        drawLevel(&canvas)
        drawAxis(&canvas)
        return canvas.document
    }

    private func x(_ frame: Int64) -> Double {
        let share = Double(frame - span.lowerBound) / Double(span.upperBound - span.lowerBound)
        return TransitionPlot.left + (TransitionPlot.width - TransitionPlot.left - 10) * min(1, max(0, share))
    }

    private func drawWords(_ canvas: inout SVGCanvas) {
        func figure(_ value: Double?, _ digits: Int = 1) -> String {
            value.map { String(format: "%.\(digits)f", $0) } ?? "-"
        }
        canvas.text("\(names[0]) → \(names[1])", x: 10, y: 20, size: 16)
        canvas.text("\(transition.style?.rawValue ?? transition.kind.rawValue): \(transition.reason)", x: 10, y: 40)
        if let expected = transition.expectation {
            canvas.text(
                "expected: step \(figure(transition.expectedStepLoudnessUnits)) LU by themselves, dip \(figure(expected.dip)), "
                    + "bump \(figure(expected.bump)) LU, both basses \(figure(expected.bassOverlapSeconds)) s, "
                    + "spectral jump \(figure(expected.spectralJump)) dB, "
                    + "keys \(expected.keyDistance.map(String.init) ?? "-") fifths apart, "
                    + "pushed \(figure(expected.outgoingStretchPercent)) and \(figure(expected.incomingStretchPercent)) %",
                x: 10, y: 58)
        }
        guard let report else { return }
        let beats = report.beats
        let missed = report.misses.map(\.rawValue).joined(separator: ", ")
        canvas.text(
            "measured: beats \(figure(beats?.medianMilliseconds)) / \(figure(beats?.p95Milliseconds)) / "
                + "\(figure(beats?.maxMilliseconds)) ms, jitter \(figure(beats?.jitterMilliseconds)) ms, "
                + "step \(figure(report.levelStep)), dip \(figure(report.dip)), bump \(figure(report.bump)) LU, "
                + "both basses \(figure(report.bassOverlapSeconds)) s, bass bump \(figure(report.bassBump)), "
                + "spectral jump \(figure(report.spectralJump)) dB"
                + (missed.isEmpty ? "" : "; misses \(missed)"), x: 10, y: 76)
    }

    private func draw(
        _ wave: PlotWave, _ band: (top: Double, height: Double), _ label: String, _ colour: String,
        _ canvas: inout SVGCanvas
    ) {
        let middle = band.top + band.height / 2
        var above: [(Double, Double)] = []
        var below: [(Double, Double)] = []
        for (at, peak) in wave.peaks.enumerated() {
            let place = x(span.lowerBound + Int64(at * PlotWave.columnFrames))
            let reach = Double(min(1, peak)) * band.height / 2
            above.append((place, middle - reach))
            below.append((place, middle + reach))
        }
        canvas.polygon(above + below.reversed(), fill: colour, opacity: 0.6)
        canvas.text(label, x: 4, y: band.top + 14)
    }

    private func drawBeats(of side: Int, _ band: (top: Double, height: Double), _ canvas: inout SVGCanvas) {
        let map = entries[side].tempoMap
        let downbeats = Set(analyses[side].downbeats)
        let phrases = Set(analyses[side].structure.phrases)
        for beat in analyses[side].beats {
            let frame = Int64(map.outputFrame(ofSource: beat * Double(AudioFormat.sampleRate)).rounded())
            guard span.contains(frame), entries[side].startFrame <= frame, frame <= entries[side].endFrame else {
                continue
            }
            let isBar = downbeats.contains(beat)
            let isPhrase = phrases.contains(beat)
            // Ticks stand on the edge that faces the other track.
            let length = isPhrase ? band.height : isBar ? 36.0 : 14
            let edge = side == 0 ? band.top + band.height : band.top
            canvas.line(
                x: x(frame), from: side == 0 ? edge - length : edge, to: side == 0 ? edge : edge + length,
                stroke: isPhrase ? "#000" : "#444", width: isPhrase ? 1.4 : isBar ? 1 : 0.6)
        }
    }

    private func drawGains(_ canvas: inout SVGCanvas) {
        let bands: [(String, KeyPath<Fade, Fade.Span?>)] = [
            ("treble", \.treble), ("middle", \.middle), ("bass", \.bassSwap),
        ]
        for (row, (label, part)) in bands.enumerated() {
            let top = TransitionPlot.gains.top + Double(row) * (TransitionPlot.gains.height + 6)
            canvas.text(label, x: 4, y: top + 14)
            for (side, direction) in [(0, FadeCurve.Direction.falling), (1, .rising)] {
                guard let fade = side == 0 ? entries[0].fadeOut : entries[1].fadeIn else { continue }
                let range = fade[keyPath: part] ?? Fade.Span(startFrame: fade.startFrame, endFrame: fade.endFrame)
                let curve = FadeCurve(
                    startFrame: range.startFrame, endFrame: range.endFrame, direction, shape: fade.shape)
                let trim = part == \.bassSwap ? TrimCurve(fade, direction) : nil
                let entry = entries[side]
                let step = max(1, (span.upperBound - span.lowerBound) / Int64(TransitionPlot.width))
                let points = stride(from: span.lowerBound, through: span.upperBound, by: Int(step)).map { frame in
                    let isThere = frame >= entry.startFrame && frame < entry.endFrame
                    var gain: Float = isThere ? curve.gain(at: frame) : 0
                    trim?.multiply(&gain, from: frame, count: 1)
                    return (x(frame), top + TransitionPlot.gains.height * (1 - Double(gain)))
                }
                canvas.polyline(points, stroke: TransitionPlot.colours[side])
            }
        }
    }

    private func drawSpeed(_ canvas: inout SVGCanvas) {
        let band = TransitionPlot.speed
        func y(_ percent: Double) -> Double {
            let share = min(1, max(-1, percent / TransitionPlot.speedPercent))
            return band.top + band.height / 2 * (1 - share)
        }
        canvas.text("speed", x: 4, y: band.top + 14)
        for percent in [-6.0, 0, 6] {
            canvas.text("\(Int(percent)) %", x: 58, y: y(percent) + 4)
            canvas.polyline([(TransitionPlot.left, y(percent)), (x(span.upperBound), y(percent))], stroke: "#ddd")
        }
        for (side, entry) in entries.enumerated() {
            let map = entry.tempoMap
            let last = min(span.upperBound, entry.endFrame) - 2_400
            let shown = max(span.lowerBound, entry.startFrame)..<max(last, span.lowerBound, entry.startFrame)
            let points = stride(from: shown.lowerBound, to: shown.upperBound, by: 2_400).map { frame in
                let run = map.sourceFrame(atOutput: Double(frame + 2_400)) - map.sourceFrame(atOutput: Double(frame))
                return (x(frame), y((run / 2_400 - 1) * 100))
            }
            canvas.polyline(points, stroke: TransitionPlot.colours[side])
        }
    }

    private func drawLevel(_ canvas: inout SVGCanvas) {
        let band = TransitionPlot.level
        let (top, bottom) = TransitionPlot.levels
        func y(_ level: Double) -> Double { band.top + band.height * min(1, max(0, (top - level) / (top - bottom))) }
        canvas.text("LUFS", x: 4, y: band.top + 14)
        for level in [-10.0, -16, -22, -28] {
            canvas.text("\(Int(level))", x: 62, y: y(level) + 4)
            canvas.polyline([(TransitionPlot.left, y(level)), (x(span.upperBound), y(level))], stroke: "#ddd")
        }
        canvas.polyline(loudness.map { (x($0.frame), y($0.loudness)) }, stroke: "#16a085")
    }

    private func drawAxis(_ canvas: inout SVGCanvas) {
        let (from, to) = (AudioFormat.seconds(span.lowerBound), AudioFormat.seconds(span.upperBound))
        let step = [1.0, 2, 5, 10, 30].first { (to - from) / $0 <= 24 } ?? 60
        for seconds in stride(from: (from / step).rounded(.up) * step, through: to, by: step) {
            let place = x(AudioFormat.frames(seconds))
            canvas.line(
                x: place, from: TransitionPlot.axis.top, to: TransitionPlot.axis.top + 6, stroke: "#444", width: 1)
            let whole = Int(seconds.rounded())
            canvas.text(
                String(format: "%d:%02d", whole / 60, whole % 60), x: place + 2, y: TransitionPlot.axis.top + 18)
        }
    }

    /// Loudness of three seconds around every 100 ms.
    private static func shortTerm(_ mix: StereoBuffer, from first: Int64) -> [(frame: Int64, loudness: Double)] {
        let meter = LoudnessMeter()
        mix.left.withUnsafeBufferPointer { left in
            mix.right.withUnsafeBufferPointer { right in
                guard let left = left.baseAddress, let right = right.baseAddress else { return }
                meter.push(left: left, right: right, count: mix.frameCount)
            }
        }
        let energies = meter.stepEnergies.map(Double.init)
        let width = 30
        guard energies.count >= width else { return [] }
        return (0...energies.count - width).map { at in
            let energy = energies[at..<at + width].reduce(0, +) / Double(width)
            return (first + Int64(at * 4_800 + width * 2_400), LoudnessMeter.lufs(max(energy, 1e-7)))
        }
    }
}
