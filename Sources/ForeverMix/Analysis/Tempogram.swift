import Foundation

/// How strongly each tempo is felt along a track: the autocorrelation of the onset strength in windows of 8 s
/// (Grosche, Müller & Kurth, "Cyclic Tempogram", ICASSP 2010). To be looked at; the beat tracker does not need it.
public struct Tempogram: Sendable {
    /// Beats a minute of each row.
    public let tempi: [Double]
    /// Centres of the columns. **Units:** s.
    public let seconds: [Double]
    /// Column after column, `tempi.count` values each, 0 ... 1.
    public let values: [Float]

    static let columnsMax = 240
    static let windowHops = 800
    private static let allTempi = Array(stride(from: 50.0, through: 210, by: 2.5))

    /// Of an onset strength with 100 values a second.
    package init(strength: [Float]) {
        let rate = AnalysisLimits.hopsPerSecond
        let window = Tempogram.windowHops
        let room = strength.count - window
        let hop = max(Int(rate), room / Tempogram.columnsMax)
        let starts = room >= 0 ? Array(stride(from: 0, through: room, by: hop)) : []
        self.init(
            seconds: starts.map { Double($0 + window / 2) / rate },
            values: starts.flatMap { Tempogram.column(strength[$0..<($0 + window)]) })
    }

    init(seconds: [Double], values: [Float]) {
        tempi = Tempogram.allTempi
        self.seconds = seconds
        self.values = values
    }

    /// One column from one window.
    static func column(_ part: ArraySlice<Float>) -> [Float] {
        let mean = part.reduce(0, +) / Float(part.count)
        let centred = part.map { $0 - mean }
        let power = max(centred.reduce(0) { $0 + $1 * $1 }, 1e-6)
        return allTempi.map { tempo in
            max(0, min(1, correlation(centred, lag: 60 / tempo * AnalysisLimits.hopsPerSecond) / power))
        }
    }

    /// The window against itself `lag` hops later, a lag between two hops from both.
    private static func correlation(_ values: [Float], lag: Double) -> Float {
        let whole = Int(lag)
        let part = Float(lag - Double(whole))
        var sum: Float = 0
        for k in 0..<max(0, values.count - whole - 1) {
            sum += values[k] * ((1 - part) * values[k + whole] + part * values[k + whole + 1])
        }
        return sum
    }
}
