import Foundation

/// What an overlap will do to the spectrum, foreseen from the spectra of both tracks.
struct SpectrumForecast: Sendable {
    /// The largest change between two seconds and the next two, from four seconds before an overlap to four after it.
    /// **Units:** dB, as in `TransitionReport.spectralJump`.
    let jump: Double
    /// The most bass of two seconds of the overlap against the side with more of it. **Units:** dB.
    let bassBump: Double

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

    /// Where both tracks meet, each in its own time, and how long that takes of either and of the mix. **Units:** s.
    struct Place {
        var outgoingStart: Double
        var incomingStart: Double
        var outgoingSeconds: Double
        var incomingSeconds: Double
        var seconds: Double

        init(
            outgoingStart: Double, incomingStart: Double, outgoingSeconds: Double, incomingSeconds: Double? = nil,
            seconds: Double? = nil
        ) {
            self.outgoingStart = outgoingStart
            self.incomingStart = incomingStart
            self.outgoingSeconds = outgoingSeconds
            self.incomingSeconds = incomingSeconds ?? outgoingSeconds
            self.seconds = max(seconds ?? (outgoingSeconds + self.incomingSeconds) / 2, 0.01)
        }
    }

    /// Rows of two seconds, as in `SpectrumTrace`, and of what is looked at on either side.
    private static let (span, around) = (23, 47)
    /// What of either side the level of its bass is taken from. **Units:** s.
    private static let bassSeconds = 10.0

    /// `gains` are those at each share of the overlap.
    init(
        outgoing: SpectrumCurve, incoming: SpectrumCurve, at place: Place, gains: (Double) -> Gains
    ) {
        let (span, around, hop) = (SpectrumForecast.span, SpectrumForecast.around, SpectrumCurve.hopSeconds)
        let bands = outgoing.bands
        let inside = Int((place.seconds / hop).rounded(.up))
        let count = inside + 2 * around
        let rates = (place.outgoingSeconds / place.seconds, place.incomingSeconds / place.seconds)
        var rows: [BandRow] = []
        rows.reserveCapacity(count)
        for at in 0..<count {
            let time = Double(at - around) * hop
            let share = (time + hop / 2) / place.seconds
            if share < 0 {
                rows.append(outgoing.row(at: place.outgoingStart + time))
            } else if share > 1 {
                rows.append(incoming.row(at: place.incomingStart + place.incomingSeconds + time - place.seconds))
            } else {
                let gain = gains(share)
                func all(_ gain: (bass: Double, middle: Double, treble: Double)) -> BandRow {
                    bands.bass * Float(gain.bass) + bands.middle * Float(gain.middle)
                        + bands.treble * Float(gain.treble)
                }
                rows.append(
                    outgoing.row(at: place.outgoingStart + time * rates.0) * all(gain.outgoing)
                        + incoming.row(at: place.incomingStart + time * rates.1) * all(gain.incoming))
            }
        }
        // From each row on, sums of two, four, sixteen, and so of twenty-three.
        func doubled(_ sums: [BandRow], _ width: Int) -> [BandRow] {
            (0..<sums.count - width).map { sums[$0] + sums[$0 + width] }
        }
        let two = doubled(rows, 1)
        let four = doubled(two, 2)
        let sixteen = doubled(doubled(four, 4), 8)
        var sums = (0...count - span).map { at -> BandRow in
            let most = sixteen[at] + four[at + 16]
            return most + (two[at + 20] + rows[at + 22])
        }
        var mostBass: Float = 0
        for at in around..<max(around + 1, around + inside - span + 1) where at < sums.count {
            mostBass = max(mostBass, (sums[at] * bands.lowest).sum)
        }
        let floor = BandRow(repeating: Float(span) * max(outgoing.largest, incoming.largest) * 1e-6 + 1e-20)
        for at in sums.indices { sums[at] = (sums[at] + floor).decibels }
        var most: Float = 0
        for at in 0..<max(0, sums.count - span) {
            let change = sums[at + span] - sums[at]
            most = max(most, (change * change * bands.weights).sum)
        }
        jump = SpectrumForecast.rounded(Double(most.squareRoot()))
        let (leaving, settled) = (place.outgoingStart, place.incomingStart + place.incomingSeconds)
        let sides = max(
            outgoing.bassPower(from: leaving - SpectrumForecast.bassSeconds, to: leaving),
            incoming.bassPower(from: settled, to: settled + SpectrumForecast.bassSeconds))
        bassBump = SpectrumForecast.rounded(decibels(Double(mostBass) / Double(span)) - decibels(sides))
    }

    /// To the thousandth: it is written down.
    private static func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 + 0 }

    /// A change of the spectrum up to the first is nothing to hear; above the second the render may miss its bar, which
    /// shows a little more than rows do. **Units:** dB.
    static let (jumpFree, jumpMax) = (4.5, 6.5)
    /// What each decibel above either costs, against `OverlapForecast.cost`.
    private static let (jumpCost, missCost) = (0.06, 0.3)

    /// A jump that cannot become worse. **Units:** dB.
    private static let jumpWorst = 16.0

    /// 0 for an overlap in which the spectrum changes little at once.
    var cost: Double {
        let jump = min(jump, SpectrumForecast.jumpWorst)
        return SpectrumForecast.jumpCost * max(0, jump - SpectrumForecast.jumpFree)
            + SpectrumForecast.missCost * max(0, jump - SpectrumForecast.jumpMax)
    }
}
