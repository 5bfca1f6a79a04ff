import Foundation

/// The spectrum of a part of a track row by row: as its analysis heard it, or as far as the colours of its beats tell it.
struct SpectrumCurve: Sendable {
    /// Seconds of a row.
    static let hopSeconds = EndSpectra.rowSeconds

    /// Powers after the track's gain.
    private let rows: [BandRow]
    /// Where the first begins. **Units:** s.
    private let start: Double
    /// Sums of the lowest bands' power up to each row; one more than rows.
    private let bassSums: [Double]
    /// The largest power of a band.
    let largest: Float
    let bands: SpectrumBands
    /// Whether it is known as it was heard, and not from the colours of beats.
    private(set) var isHeard = false

    private init(_ rows: [BandRow], start: Double, bands: SpectrumBands) {
        self.rows = rows
        self.start = start
        self.bands = bands
        largest = rows.reduce(0) { max($0, $1.largest) }
        var sums = [0.0]
        sums.reserveCapacity(rows.count + 1)
        for row in rows { sums.append(sums[sums.count - 1] + Double((row * bands.lowest).sum)) }
        bassSums = sums
    }

    /// What is known of the end of the track in which `seconds` lie. nil where that is nothing.
    init?(_ spectra: EndSpectra, gainDecibels: Double, around seconds: ClosedRange<Double>) {
        guard let found = spectra.rows(around: seconds) else { return nil }
        self.init(BandRow.powers(found.bytes, gainDecibels: gainDecibels), start: found.start, bands: .heard)
        isHeard = true
    }

    /// From `from` to `until` s by the colours of beats. nil where none are known.
    init?(colours analysis: TrackAnalysis, gainDecibels: Double, from: Double, until: Double) {
        let (beats, timbre) = (analysis.beats, analysis.timbre)
        guard timbre.count > 0, timbre.count == beats.count, until > from else { return nil }
        var rows: [BandRow] = []
        var beat = 0
        var described = -1
        for hop in 0..<Int(((until - from) / SpectrumCurve.hopSeconds).rounded(.up)) {
            let time = from + (Double(hop) + 0.5) * SpectrumCurve.hopSeconds
            while beat + 1 < beats.count && beats[beat + 1] <= time { beat += 1 }
            if beat == described {
                rows.append(rows[rows.count - 1])
            } else {
                rows.append(
                    BandRow { band in
                        var level = Float(gainDecibels)
                        for k in 0..<BeatTimbre.size { level += timbre[beat, k] * SpectrumCurve.cosines[band][k] }
                        return pow(10, level / 10)
                    })
                described = beat
            }
        }
        self.init(rows, start: from, bands: .coloured)
    }

    /// What each coefficient of `BeatTimbre` adds to a band's level.
    private static let cosines: [[Float]] = (0..<BandRow.count).map { band in
        (0..<BeatTimbre.size).map { k in
            let turn = Double.pi * Double(k) * (Double(band) + 0.5) / Double(BandRow.count)
            return Float(k == 0 ? 1 : 2.0.squareRoot() * cos(turn))
        }
    }

    /// The powers of the time of a row from `seconds` on; what lies outside is as at the ends.
    @inline(__always) func row(at seconds: Double) -> BandRow {
        let place = min(max((seconds - start) / SpectrumCurve.hopSeconds, 0), Double(rows.count - 1))
        let at = Int(place)
        let share = Float(place - Double(at))
        return rows[at] * (1 - share) + rows[min(at + 1, rows.count - 1)] * share
    }

    /// Whether `seconds` are not before what is known.
    func isKnown(at seconds: Double) -> Bool { seconds >= start }

    /// Mean power of the lowest bands between two times.
    func bassPower(from: Double, to: Double) -> Double {
        let last = rows.count - 1
        let low = min(max(Int(((from - start) / SpectrumCurve.hopSeconds).rounded()), 0), last)
        let high = min(max(Int(((to - start) / SpectrumCurve.hopSeconds).rounded()), low + 1), last + 1)
        return (bassSums[high] - bassSums[low]) / Double(high - low)
    }
}

/// What the bands of a row stand for.
struct SpectrumBands: Sendable {
    /// How much of each band is what `Fade` calls bass, middle and treble, 0 ... 1.
    let bass: BandRow
    let middle: BandRow
    let treble: BandRow
    /// Below 150 Hz, where basses are compared.
    let lowest: BandRow
    /// How much each band counts where bands are equally wide in octaves.
    let weights: BandRow

    /// Those of `EndSpectra`. The borders, 250 and 2500 Hz, lie within a band.
    static let heard = SpectrumBands(
        bassEnd: 7.4, trebleStart: 16.6, lowestEnd: 5.3, weights: BandRow(repeating: 1 / Float(BandRow.count)))

    /// Those that the colours of beats tell of, equally wide on the mel scale up to 17.5 kHz.
    static let coloured: SpectrumBands = {
        func hertz(_ band: Int) -> Double {
            700 * (exp(log(1 + 17_500.0 / 700) * Double(band) / Double(BandRow.count)) - 1)
        }
        let widths = (0..<BandRow.count).map { band in
            max(0, log(min(16_000, max(hertz(band + 1), 41)) / max(hertz(band), 40)))
        }
        let sum = widths.reduce(0, +)
        return SpectrumBands(bassEnd: 2, trebleStart: 11, lowestEnd: 1.4, weights: BandRow { Float(widths[$0] / sum) })
    }()

    /// Borders as numbers of bands from the lowest on.
    private init(bassEnd: Double, trebleStart: Double, lowestEnd: Double, weights: BandRow) {
        func below(_ border: Double) -> BandRow { BandRow { Float(min(max(border - Double($0), 0), 1)) } }
        let (low, all) = (below(bassEnd), below(trebleStart))
        bass = low
        middle = all - low
        treble = BandRow(repeating: 1) - all
        lowest = below(lowestEnd)
        self.weights = weights
    }
}
