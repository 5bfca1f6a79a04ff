import Foundation

/// A part of a track's spectrum by the half second, as far as the colours of its beats tell it.
struct SpectrumCurve: Sendable {
    /// **Units:** s.
    static let hopSeconds = 0.5
    static let bandCount = 24

    /// Powers after the track's gain, `bandCount` a hop.
    private let powers: [Float]
    /// The hop of the first of them.
    private let firstHop: Int
    /// The largest of them.
    let largest: Float

    /// From `from` to `until` s; what lies outside is as at the ends. nil where no colours are known.
    init?(_ analysis: TrackAnalysis, gainDecibels: Double, from: Double, until: Double) {
        let (beats, timbre) = (analysis.beats, analysis.timbre)
        guard timbre.count > 0, timbre.count == beats.count, until > from else { return nil }
        firstHop = Int((from / SpectrumCurve.hopSeconds).rounded(.down))
        let hops = firstHop...Int((until / SpectrumCurve.hopSeconds).rounded(.up))
        var powers: [Float] = []
        powers.reserveCapacity(hops.count * SpectrumCurve.bandCount)
        var beat = 0
        var described = -1
        for hop in hops {
            let time = (Double(hop) + 0.25) * SpectrumCurve.hopSeconds
            while beat + 1 < beats.count && beats[beat + 1] <= time { beat += 1 }
            if beat == described {
                powers += powers.suffix(SpectrumCurve.bandCount)
            } else {
                for band in 0..<SpectrumCurve.bandCount {
                    var level = Float(gainDecibels)
                    for k in 0..<BeatTimbre.size { level += timbre[beat, k] * SpectrumCurve.cosines[band][k] }
                    powers.append(pow(10, level / 10))
                }
                described = beat
            }
        }
        self.powers = powers
        largest = powers.max() ?? 0
    }

    /// What each coefficient of `BeatTimbre` adds to a band's level.
    private static let cosines: [[Float]] = (0..<bandCount).map { band in
        (0..<BeatTimbre.size).map { k in
            let turn = Double.pi * Double(k) * (Double(band) + 0.5) / Double(bandCount)
            return Float(k == 0 ? 1 : 2.0.squareRoot() * cos(turn))
        }
    }

    /// Where the powers of a hop begin in `withPowers`.
    private func offset(_ hop: Int) -> Int {
        let last = powers.count / SpectrumCurve.bandCount - 1
        return min(max(hop - firstHop, 0), last) * SpectrumCurve.bandCount
    }

    /// How much each band counts where bands are equally wide in octaves from 40 Hz to 16 kHz.
    private static let weights: [Float] = {
        let widths = (0..<bandCount).map { band in
            max(0, log(min(16_000, max(hertz(band + 1), 41)) / max(hertz(band), 40)))
        }
        let sum = widths.reduce(0, +)
        return widths.map { Float($0 / sum) }
    }()

    /// The lower border of a band: they are equally wide on the mel scale up to 17.5 kHz.
    private static func hertz(_ band: Int) -> Double {
        700 * (exp(log(1 + 17_500.0 / 700) * Double(band) / Double(bandCount)) - 1)
    }

    /// Gains of both tracks' powers in bass, middle and treble.
    struct Gains {
        var outgoing: (bass: Double, middle: Double, treble: Double)
        var incoming: (bass: Double, middle: Double, treble: Double)

        /// Of bands that each have reached a share of the way from one track to the other, as power.
        init(bass: Double, middle: Double, treble: Double) {
            outgoing = (1 - bass, 1 - middle, 1 - treble)
            incoming = (bass, middle, treble)
        }
    }

    /// The first bands of the middle and of the treble, nearly.
    private static let (middleBand, trebleBand) = (2, 11)

    /// The largest change between the spectra of two seconds and the next two, from four seconds before an overlap to four
    /// after it, with `gains` at each share of it. **Units:** dB, as in `TransitionReport.spectralJump`.
    static func jump(
        outgoing: SpectrumCurve, incoming: SpectrumCurve, outgoingStart: Double, incomingStart: Double,
        seconds: Double, gains: (Double) -> Gains
    ) -> Double {
        let around = Int(4 / hopSeconds)
        let span = Int(2 / hopSeconds)
        let inside = max(1, Int((seconds / hopSeconds).rounded()))
        let count = inside + 2 * around
        let firstOut = Int((outgoingStart / hopSeconds).rounded())
        let firstIn = Int((incomingStart / hopSeconds).rounded())
        var sums = [Float](repeating: 0, count: (count + 1) * bandCount)
        for hop in 0..<count {
            let share = (Double(hop - around) + 0.5) / Double(inside)
            let gain =
                share < 0
                ? Gains(bass: 0, middle: 0, treble: 0)
                : share > 1 ? Gains(bass: 1, middle: 1, treble: 1) : gains(share)
            let (out, into) = (outgoing.offset(firstOut + hop - around), incoming.offset(firstIn + hop - around))
            for band in 0..<bandCount {
                let (a, b) =
                    band < middleBand
                    ? (gain.outgoing.bass, gain.incoming.bass)
                    : band < trebleBand
                        ? (gain.outgoing.middle, gain.incoming.middle) : (gain.outgoing.treble, gain.incoming.treble)
                sums[(hop + 1) * bandCount + band] =
                    sums[hop * bandCount + band] + outgoing.powers[out + band] * Float(a)
                    + incoming.powers[into + band] * Float(b)
            }
        }
        let floor = max(outgoing.largest, incoming.largest) * 1e-6
        var levels = [Float](repeating: 0, count: (count - span + 1) * bandCount)
        for i in levels.indices {
            levels[i] = 10 * log10(max(0, sums[i + span * bandCount] - sums[i]) / Float(span) + floor)
        }
        var largest: Float = 0
        for hop in span...count - span {
            var square: Float = 0
            for band in 0..<bandCount {
                let change = levels[hop * bandCount + band] - levels[(hop - span) * bandCount + band]
                square += change * change * weights[band]
            }
            largest = max(largest, square)
        }
        return Double(largest.squareRoot())
    }
}
