/// How much the bars of any stretch differ from each other, from sums that are made once.
///
/// What changes slowly (level, colour, drums) is held against the stretch's mean. Harmony goes round: it is held against
/// the mean of the bars in the same place of eight, so that a progression that repeats is no change and another
/// progression is one, though both have all their chords in common.
struct BarVariation {
    private let width: Int
    /// Of all bars before each.
    private var sums: [Double]
    private var squares: [Double]
    /// The same of the harmony, apart for each of the eight places: of the bars before the n-th there.
    private var harmonySums: [[Double]]
    private var harmonySquares: [Double]

    private static let turn = 8
    private static let pitchClasses = 12

    /// **Shape:** one row a bar in both; `harmony` may be empty, or has twelve values a bar.
    init(_ rows: [[Double]], harmony: [[Double]] = []) {
        width = rows.first?.count ?? 0
        sums = [Double](repeating: 0, count: (rows.count + 1) * width)
        squares = [Double](repeating: 0, count: rows.count + 1)
        for (at, row) in rows.enumerated() {
            squares[at + 1] = squares[at]
            for k in 0..<width {
                sums[(at + 1) * width + k] = sums[at * width + k] + row[k]
                squares[at + 1] += row[k] * row[k]
            }
        }
        let size = BarVariation.pitchClasses
        harmonySums = [[Double]](
            repeating: [Double](repeating: 0, count: size), count: harmony.isEmpty ? 0 : BarVariation.turn)
        harmonySquares = harmony.isEmpty ? [] : [0]
        for (at, row) in harmony.enumerated() {
            let last = harmonySums[at % BarVariation.turn].suffix(size)
            harmonySums[at % BarVariation.turn] += zip(last, row).map { $0 + $1 }
            harmonySquares.append(harmonySquares[at] + row.reduce(0) { $0 + $1 * $1 })
        }
    }

    /// Squared distances from the mean, summed over `from ..< until`.
    func of(_ from: Int, _ until: Int) -> Double {
        guard until > from else { return 0 }
        var square = 0.0
        for k in 0..<width {
            let sum = sums[until * width + k] - sums[from * width + k]
            square += sum * sum
        }
        let plain = squares[until] - squares[from] - square / Double(until - from)
        return plain + harmonyVariation(from, until)
    }

    /// What a cut at `bar` takes away of the variation of the eight bars on each side.
    func step(at bar: Int, barCount: Int) -> Double {
        let from = max(0, bar - BarVariation.turn)
        let until = min(barCount, bar + BarVariation.turn)
        return of(from, until) - of(from, bar) - of(bar, until)
    }

    private func harmonyVariation(_ from: Int, _ until: Int) -> Double {
        guard !harmonySquares.isEmpty else { return 0 }
        var result = harmonySquares[until] - harmonySquares[from]
        let (turn, size) = (BarVariation.turn, BarVariation.pitchClasses)
        for place in 0..<turn {
            // Bars in this place before a bar: how many there have been.
            let first = (from + turn - 1 - place) / turn
            let last = (until + turn - 1 - place) / turn
            guard last > first else { continue }
            harmonySums[place].withUnsafeBufferPointer { sums in
                var square = 0.0
                for k in 0..<size {
                    let sum = sums[last * size + k] - sums[first * size + k]
                    square += sum * sum
                }
                result -= square / Double(last - first)
            }
        }
        return max(0, result)
    }
}
