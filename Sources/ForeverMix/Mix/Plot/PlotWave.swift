import Foundation

/// A wave for drawing: the highest sample of every column. **Units:** full scale 1.
struct PlotWave {
    static let columnFrames = AudioFormat.sampleRate / 100

    private(set) var peaks: [Float] = []

    init(_ samples: StereoBuffer) {
        for start in stride(from: 0, to: samples.frameCount, by: PlotWave.columnFrames) {
            let end = min(samples.frameCount, start + PlotWave.columnFrames)
            peaks.append(PlotWave.highest(samples.left[start..<end], samples.right[start..<end]))
        }
    }

    /// A track as it is played, before its fades, on the mix's clock over `span`; what cannot be read is silence.
    init(_ source: any SampleSource, entry: MixEntry, span: ClosedRange<Int64>) {
        let map = entry.tempoMap
        let gain = Float(pow(10, entry.gainDecibels / 20))
        var column = StereoBuffer(frameCount: 2 * PlotWave.columnFrames)
        for frame in stride(from: span.lowerBound, to: span.upperBound, by: PlotWave.columnFrames) {
            let from = Int64(map.sourceFrame(atOutput: Double(frame)).rounded())
            let to = Int64(map.sourceFrame(atOutput: Double(frame) + Double(PlotWave.columnFrames)).rounded())
            let count = Int(min(max(to - from, 0), Int64(column.frameCount)))
            guard frame >= entry.startFrame, frame < entry.endFrame, count > 0,
                (try? source.read(from: from, count: count, into: &column, at: 0)) != nil
            else {
                peaks.append(0)
                continue
            }
            peaks.append(gain * PlotWave.highest(column.left[..<count], column.right[..<count]))
        }
    }

    private static func highest(_ left: ArraySlice<Float>, _ right: ArraySlice<Float>) -> Float {
        max(left.reduce(0) { max($0, abs($1)) }, right.reduce(0) { max($0, abs($1)) })
    }
}
