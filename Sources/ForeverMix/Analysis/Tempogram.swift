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

    private static let windowSeconds = 8.0
    private static let columnsMax = 240

    /// Of an onset strength with 100 values a second.
    package init(strength: [Float]) {
        let rate = AnalysisLimits.hopsPerSecond
        let tempi = Array(stride(from: 50.0, through: 210, by: 2.5))
        self.tempi = tempi
        let window = Int(Tempogram.windowSeconds * rate)
        let room = max(0, strength.count - window)
        let hop = max(Int(rate), room / Tempogram.columnsMax)
        var seconds: [Double] = []
        var values: [Float] = []
        for start in strength.count >= window ? Array(stride(from: 0, through: room, by: hop)) : [] {
            seconds.append(Double(start + window / 2) / rate)
            let part = strength[start..<(start + window)]
            let mean = part.reduce(0, +) / Float(window)
            let centred = part.map { $0 - mean }
            let power = max(centred.reduce(0) { $0 + $1 * $1 }, 1e-6)
            for tempo in tempi {
                let lag = 60 / tempo * rate
                values.append(max(0, min(1, Tempogram.correlation(centred, lag: lag) / power)))
            }
        }
        self.seconds = seconds
        self.values = values
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
