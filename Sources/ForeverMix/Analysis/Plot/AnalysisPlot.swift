import Foundation

/// An analysis drawn: waveform with sections, bars and beats, what sounds bar by bar, onset strength, tempogram,
/// loudness, and the results in words.
public struct AnalysisPlot {
    private let name: String
    private let analysis: TrackAnalysis
    private let trace: AnalysisTrace

    /// `name` is what stands above the drawing.
    public init(name: String, analysis: TrackAnalysis, trace: AnalysisTrace) {
        self.name = name
        self.analysis = analysis
        self.trace = trace
    }

    private static let width = 1_600.0
    private static let left = 90.0
    /// Where each band of the drawing begins, and how high it is. **Units:** pixels.
    private static let words = (top: 0.0, height: 64.0)
    private static let sections = (top: 68.0, height: 24.0)
    private static let waveform = (top: 96.0, height: 150.0)
    private static let bars = (top: 252.0, height: 56.0)
    private static let onsets = (top: 318.0, height: 90.0)
    private static let tempogram = (top: 418.0, height: 170.0)
    private static let loudness = (top: 598.0, height: 120.0)
    private static let axis = (top: 722.0, height: 28.0)
    private static let bandColours = ["#c0392b", "#27ae60", "#2980b9"]
    private static let sectionColours: [TrackStructure.Section.Kind: String] = [
        .intro: "#b8d4e3", .build: "#f5d491", .main: "#ef9a8d", .breakdown: "#bfe3c0", .outro: "#cfc4e8",
    ]

    /// A complete SVG document; the same analysis gives the same bytes.
    public func svg() -> String {
        var canvas = SVGCanvas(width: AnalysisPlot.width, height: AnalysisPlot.axis.top + AnalysisPlot.axis.height)
        drawWords(&canvas)
        drawSections(&canvas)
        drawWaveform(&canvas)
        drawBars(&canvas)
        drawOnsets(&canvas)
        drawTempogram(&canvas)
        drawLoudness(&canvas)
        drawAxis(&canvas)
        return canvas.document
    }

    private func x(_ seconds: Double) -> Double {
        let span = max(analysis.duration, 0.1)
        return AnalysisPlot.left + (AnalysisPlot.width - AnalysisPlot.left - 10) * min(1, max(0, seconds / span))
    }

    private func drawWords(_ canvas: inout SVGCanvas) {
        func figure(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
        func sure(_ confidence: Double, _ trusted: Bool) -> String {
            "\(figure(confidence, 2))\(trusted ? ", trusted" : "")"
        }
        let tempo = analysis.tempo.map { "\(figure($0, 3)) BPM" } ?? "no tempo"
        let confidence = analysis.confidence
        let trusted = analysis.trusted
        canvas.text(name, x: 10, y: 20, size: 16)
        canvas.text(
            "\(tempo) (beats \(sure(confidence.beats, trusted.beats))), \(analysis.timeSignature.rawValue) "
                + "(bars \(sure(confidence.downbeats, trusted.downbeats)), "
                + "phrases \(sure(confidence.phrases, trusted.phrases))), "
                + "\(analysis.key?.description ?? "no key") (\(sure(confidence.key, trusted.key))), "
                + "A = \(figure(analysis.tuning, 1)) Hz", x: 10, y: 40)
        canvas.text(
            "\(figure(analysis.loudness, 1)) LUFS, range \(figure(analysis.loudnessRange, 1)) LU, "
                + "\(figure(analysis.truePeak, 1)) dBTP, energy \(figure(analysis.energy, 2)), "
                + "danceability \(figure(analysis.danceability, 2)), analysis \(analysis.analysisVersion)", x: 10, y: 58
        )
    }

    private func drawSections(_ canvas: inout SVGCanvas) {
        let band = AnalysisPlot.sections
        canvas.text("sections", x: 4, y: band.top + 16)
        for section in analysis.structure.sections {
            canvas.rectangle(
                x: x(section.start), y: band.top, width: x(section.end) - x(section.start), height: band.height,
                fill: AnalysisPlot.sectionColours[section.kind] ?? "#ddd")
            guard x(section.end) - x(section.start) > 40 else { continue }
            canvas.text("\(section.kind.rawValue) \(section.energy)", x: x(section.start) + 3, y: band.top + 16)
        }
        for (cues, colour) in [(analysis.structure.entries, "#107010"), (analysis.structure.exits, "#a01010")] {
            for cue in cues {
                canvas.rectangle(
                    x: x(cue.seconds) - 1.5, y: band.top, width: 3, height: band.height, fill: colour,
                    opacity: 0.3 + 0.7 * cue.score)
            }
        }
    }

    private func drawWaveform(_ canvas: inout SVGCanvas) {
        let band = AnalysisPlot.waveform
        let middle = band.top + band.height / 2
        let columns = analysis.waveform.columnCount
        let drawn = max(1, min(columns, Int(AnalysisPlot.width)))
        // As high as the band, however quiet the track is: its level is drawn below.
        var top = 0.1
        for column in 0..<columns {
            for k in AnalysisPlot.bandColours.indices { top = max(top, analysis.waveform[column, k]) }
        }
        for (k, colour) in AnalysisPlot.bandColours.enumerated() where columns > 0 {
            var above: [(Double, Double)] = []
            var below: [(Double, Double)] = []
            for at in 0..<drawn {
                let column = at * columns / drawn
                let reach = analysis.waveform[column, k] / top * band.height / 2
                let place = x(Double(column) / WaveformOverview.columnsPerSecond)
                above.append((place, middle - reach))
                below.append((place, middle + reach))
            }
            canvas.polygon(above + below.reversed(), fill: colour, opacity: 0.55)
        }
        drawGrid(&canvas)
        let key = analysis.key.map { "\($0)\(analysis.trusted.key ? "" : "?")" }
        canvas.text(key ?? "no key", x: 4, y: band.top + 18, size: 16)
        for (at, (name, colour)) in zip(["low", "middle", "high"], AnalysisPlot.bandColours).enumerated() {
            canvas.text(name, x: 4, y: band.top + 44 + 15 * Double(at), fill: colour)
        }
        canvas.text("phrases, bars,", x: 4, y: band.top + band.height - 18)
        canvas.text("beats", x: 4, y: band.top + band.height - 4)
    }

    /// Beats, bars and phrases at the waveform's foot, the longer the higher; what would be a grey surface is left out.
    private func drawGrid(_ canvas: inout SVGCanvas) {
        let band = AnalysisPlot.waveform
        var marks: [(times: [Double], height: Double, colour: String, width: Double)] = [
            (analysis.beats, 0.07, "#999", 0.6), (analysis.downbeats, 0.2, "#444", 0.6),
        ]
        let levels = analysis.structure.phraseLevels
        for (level, height) in zip(levels, [0.5, 0.75, 1]) {
            marks.append((level.starts, height, "#000", 0.4 + 0.8 * height))
        }
        for mark in marks where Double(mark.times.count) * AnalysisPlot.closest(mark.height) < AnalysisPlot.width {
            for time in mark.times {
                canvas.line(
                    x: x(time), from: band.top + band.height * (1 - mark.height), to: band.top + band.height,
                    stroke: mark.colour, width: mark.width)
            }
        }
    }

    /// High lines close together would hide the waveform. **Units:** pixels.
    private static func closest(_ height: Double) -> Double { height > 0.4 ? 8 : 2.5 }

    private func drawBars(_ canvas: inout SVGCanvas) {
        let band = AnalysisPlot.bars
        let bars = analysis.structure.bars
        let rows: [(String, (TrackStructure.Bar) -> Double)] = [
            ("drums", { $0.drums }), ("bass", { $0.bass }), ("voice", { $0.voice }), ("energy", { $0.energy }),
        ]
        let height = band.height / Double(rows.count)
        for (row, (label, value)) in rows.enumerated() {
            let top = band.top + Double(row) * height
            canvas.text(label, x: 4, y: top + height - 3)
            // Of a long track several bars are drawn as one.
            let step = max(1, bars.count / Int(AnalysisPlot.width / 2))
            for at in stride(from: 0, to: bars.count, by: step) {
                let group = bars[at..<min(bars.count, at + step)]
                let end = at + step < bars.count ? bars[at + step].start : analysis.soundEnd
                canvas.rectangle(
                    x: x(bars[at].start), y: top, width: max(0.5, x(end) - x(bars[at].start)), height: height - 1,
                    fill: "#333", opacity: group.reduce(0) { $0 + value($1) } / Double(group.count))
            }
        }
    }

    private func drawOnsets(_ canvas: inout SVGCanvas) {
        let band = AnalysisPlot.onsets
        canvas.text("onsets", x: 4, y: band.top + 14)
        let strength = trace.onsetStrength
        guard !strength.isEmpty else { return }
        let drawn = min(strength.count, Int(AnalysisPlot.width) * 2)
        let points = (0..<drawn).map { at -> (Double, Double) in
            let from = at * strength.count / drawn
            let until = max(from + 1, (at + 1) * strength.count / drawn)
            let top = Double(min(1.5, strength[from..<until].max() ?? 0)) / 1.5
            return (x(Double(from) / trace.valuesPerSecond), band.top + band.height * (1 - top))
        }
        canvas.polyline(points, stroke: "#333")
    }

    private func drawTempogram(_ canvas: inout SVGCanvas) {
        let band = AnalysisPlot.tempogram
        let tempogram = trace.tempogram
        let rows = tempogram.tempi.count
        canvas.text("tempogram", x: 4, y: band.top + 14)
        guard let first = tempogram.tempi.first, let last = tempogram.tempi.last else { return }
        let columns = tempogram.seconds
        let hop = columns.count > 1 ? columns[1] - columns[0] : 8
        let height = band.height / Double(rows)
        func y(_ tempo: Double) -> Double { band.top + band.height * (1 - (tempo - first) / (last - first)) }
        for (column, seconds) in columns.enumerated() {
            for row in 0..<rows {
                let value = Double(tempogram.values[column * rows + row])
                guard value > 0.08 else { continue }
                let left = x(seconds - hop / 2)
                canvas.rectangle(
                    x: left, y: y(tempogram.tempi[row]) - height, width: x(seconds + hop / 2) - left,
                    height: height, fill: "#5b2c6f", opacity: value)
            }
        }
        for tempo in [60.0, 90, 120, 150, 180] { canvas.text("\(Int(tempo))", x: 62, y: y(tempo) + 4) }
        if let tempo = analysis.tempo {
            canvas.polyline([(AnalysisPlot.left, y(tempo)), (x(analysis.duration), y(tempo))], stroke: "#e67e22")
        }
    }

    private func drawLoudness(_ canvas: inout SVGCanvas) {
        let band = AnalysisPlot.loudness
        func y(_ loudness: Double) -> Double { band.top + band.height * min(1, max(0, -loudness / 50)) }
        canvas.text("LUFS", x: 4, y: band.top + 14)
        for (at, (name, colour)) in [("0.4 s", "#999"), ("3 s", "#16a085"), ("all", "#c0392b")].enumerated() {
            canvas.text(name, x: 4, y: band.top + 34 + 15 * Double(at), fill: colour)
        }
        for loudness in [-10.0, -20, -30, -40] {
            canvas.text("\(Int(loudness))", x: 58, y: y(loudness) + 4)
            canvas.polyline(
                [(AnalysisPlot.left, y(loudness)), (x(analysis.duration), y(loudness))], stroke: "#ddd")
        }
        let curves = [
            (analysis.loudnessCurve, TrackAnalysis.loudnessCurveHop, "#aaa"),
            (analysis.shortTermCurve, TrackAnalysis.shortTermCurveHop, "#16a085"),
        ]
        for (curve, hop, colour) in curves {
            let step = max(1, curve.count / Int(AnalysisPlot.width))
            canvas.polyline(
                stride(from: 0, to: curve.count, by: step).map { (x(Double($0) * hop), y(Double(curve[$0]))) },
                stroke: colour)
        }
        canvas.polyline(
            [(AnalysisPlot.left, y(analysis.loudness)), (x(analysis.duration), y(analysis.loudness))],
            stroke: "#c0392b")
    }

    private func drawAxis(_ canvas: inout SVGCanvas) {
        let steps = [1.0, 5, 10, 30, 60, 300, 600, 1_800, 3_600]
        let step = steps.first { analysis.duration / $0 <= 24 } ?? 7_200
        for seconds in stride(from: 0, through: analysis.duration, by: step) {
            canvas.line(
                x: x(seconds), from: AnalysisPlot.axis.top, to: AnalysisPlot.axis.top + 6, stroke: "#444", width: 1)
            guard x(seconds) < AnalysisPlot.width - 45 else { continue }
            let whole = Int(seconds)
            canvas.text(
                String(format: "%d:%02d", whole / 60, whole % 60), x: x(seconds) + 2, y: AnalysisPlot.axis.top + 18)
        }
    }
}
