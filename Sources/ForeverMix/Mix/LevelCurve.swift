import Foundation

/// A track's short-term level after its gain, as power, for judging where two tracks may overlap.
struct LevelCurve: Sendable {
    /// Sums of power up to each point of the loudness curve; one more than points. The same of the bass's part of it.
    private let sums: [Double]
    private let bassSums: [Double]
    /// Powers of the short-term curve; empty where the analysis has none that is long enough. The loudness curve looks
    /// at 400 ms of every 500, which at some tempi are always the same part of the beat.
    private let shortTerm: [Double]
    private static let hop = TrackAnalysis.loudnessCurveHop
    /// Half the window of short-term loudness. **Units:** s.
    private static let halfWindow = 1.5

    init(_ analysis: TrackAnalysis, gainDecibels: Double) {
        let points = max(analysis.loudnessCurve.count, 1)
        var sums = [0.0]
        var bassSums = [0.0]
        sums.reserveCapacity(points + 1)
        bassSums.reserveCapacity(points + 1)
        let spectra = EndShares(analysis.spectra)
        for i in 0..<points {
            let level = i < analysis.loudnessCurve.count ? Double(analysis.loudnessCurve[i]) : analysis.loudness
            let power = level.isFinite ? pow(10, (max(level, -90) + gainDecibels) / 10) : 1e-9
            sums.append(sums[i] + power)
            let share =
                spectra.bassShare(at: Double(i) * LevelCurve.hop)
                ?? LevelCurve.bassShare(analysis.waveform, point: i)
            bassSums.append(bassSums[i] + power * share)
        }
        self.sums = sums
        self.bassSums = bassSums
        let whole = analysis.shortTermCurve.dropFirst(LevelCurve.firstWholePoint)
        shortTerm = whole.map { pow(10, (Double($0) + gainDecibels) / 10) }
    }

    /// How much of the loudness at a point of the curve is bass by the waveform alone, 0 ... 1; 0 where that is not known.
    private static func bassShare(_ waveform: WaveformOverview, point: Int) -> Double {
        let middle = Double(point) * hop * WaveformOverview.columnsPerSecond
        let (first, end) = (max(0, Int(middle) - 2), min(waveform.columnCount, Int(middle) + 2))
        guard first < end else { return 0 }
        var bass = 0.0
        var all = 0.0
        for column in first..<end {
            for (band, weight) in bandWeights.enumerated() {
                let root = waveform[column, band] * waveform[column, band]
                let power = root * root * weight
                all += power
                if band == 0 { bass += power }
            }
        }
        return all > 0 ? bass / all : 0
    }

    /// What loudness makes of the waveform's three bands, whose columns are peaks: short ones above count for less.
    private static let bandWeights = [1.4, 1.0, 1.0]

    /// The first point of a short-term curve whose three seconds lie inside the track.
    private static let firstWholePoint = 3

    /// Mean power over 3 s around `seconds`.
    func power(at seconds: Double) -> Double {
        guard let last = shortTerm.indices.last else { return loudnessPower(at: seconds) }
        let end = (seconds + LevelCurve.halfWindow) / TrackAnalysis.shortTermCurveHop
        let place = min(max(end - Double(LevelCurve.firstWholePoint), 0), Double(last))
        let at = min(Int(place), last)
        let share = place - Double(at)
        return shortTerm[at] * (1 - share) + shortTerm[min(at + 1, last)] * share
    }

    private func loudnessPower(at seconds: Double) -> Double {
        mean(sums, from: seconds - LevelCurve.halfWindow, to: seconds + LevelCurve.halfWindow)
    }

    /// The bass's part of the power over 2 s around `seconds`.
    func bassPower(at seconds: Double) -> Double { mean(bassSums, from: seconds - 1, to: seconds + 1) }

    /// Its mean over the ten seconds before (after) `seconds`.
    func bassPowerBefore(_ seconds: Double) -> Double { mean(bassSums, from: seconds - 10, to: seconds) }
    func bassPowerAfter(_ seconds: Double) -> Double { mean(bassSums, from: seconds, to: seconds + 10) }

    /// How much of the power over 3 s around `seconds` is bass, 0 ... 1.
    func bassShare(at seconds: Double) -> Double {
        let (from, to) = (seconds - LevelCurve.halfWindow, seconds + LevelCurve.halfWindow)
        let whole = mean(sums, from: from, to: to)
        return whole > 0 ? mean(bassSums, from: from, to: to) / whole : 0
    }

    /// Mean of the short-term power over the ten seconds that end 1.5 s before `seconds`.
    func powerBefore(_ seconds: Double) -> Double { meanShortTerm(from: seconds - 11.5, to: seconds - 1.5) }

    /// Mean of the short-term power over the ten seconds that begin 1.5 s after `seconds`.
    func powerAfter(_ seconds: Double) -> Double { meanShortTerm(from: seconds + 1.5, to: seconds + 11.5) }

    private func meanShortTerm(from: Double, to: Double) -> Double {
        var sum = 0.0
        var count = 0.0
        var time = from
        while time <= to + 1e-9 {
            sum += power(at: time)
            count += 1
            time += 1
        }
        return sum / count
    }

    /// Mean power of the curve's points in a span of time, at least one point; the curve's ends go on as they are.
    private func mean(_ sums: [Double], from: Double, to: Double) -> Double {
        let last = sums.count - 2
        let low = min(max(Int((from / LevelCurve.hop).rounded(.up)), 0), last)
        let high = min(max(Int((to / LevelCurve.hop).rounded(.down)), low), last)
        return (sums[high + 1] - sums[low]) / Double(high + 1 - low)
    }
}

/// How much of a track's loudness is bass at its ends, where its spectra are known.
private struct EndShares {
    private let beginning: Sums
    private let ending: Sums
    private let endingStart: Double

    /// Sums up to each row, one more than rows.
    private struct Sums {
        var bass = [0.0]
        var all = [0.0]
        var rows: Int { all.count - 1 }
    }

    /// Rows on either side of a time that count for it: half a second, so that no part of the beat stands for all of it.
    private static let reach = 6

    /// What loudness makes of each band (ITU-R BS.1770-4): less of what lies near 38 Hz, 4 dB more above 1.7 kHz.
    private static let weights = BandRow { band in
        let hertz = (ChunkSpectrum.hertz(band) * ChunkSpectrum.hertz(band + 1)).squareRoot()
        let (low, high) = (pow(hertz / 38.1, 2), pow(hertz / 1_682, 4))
        return Float(pow(low / (1 + low), 2) * (1 + 1.5 * high / (1 + high)))
    }

    init(_ spectra: EndSpectra) {
        func sums(_ packed: PackedBytes) -> Sums {
            var sums = Sums()
            for heard in BandRow.powers(packed.bytes) {
                let row = heard * EndShares.weights
                sums.bass.append(sums.bass[sums.bass.count - 1] + Double((row * SpectrumBands.heard.bass).sum))
                sums.all.append(sums.all[sums.all.count - 1] + Double(row.sum))
            }
            return sums
        }
        beginning = sums(spectra.beginning)
        ending = sums(spectra.ending)
        endingStart = spectra.endingStart
    }

    /// 0 ... 1; nil where that is not known.
    func bassShare(at seconds: Double) -> Double? {
        share(beginning, at: Int((seconds / EndSpectra.rowSeconds).rounded()))
            ?? share(ending, at: Int(((seconds - endingStart) / EndSpectra.rowSeconds).rounded()))
    }

    private func share(_ sums: Sums, at row: Int) -> Double? {
        guard row >= 0, row < sums.rows else { return nil }
        let (low, high) = (max(0, row - EndShares.reach), min(sums.rows, row + EndShares.reach))
        let all = sums.all[high] - sums.all[low]
        return all > 0 ? (sums.bass[high] - sums.bass[low]) / all : nil
    }
}

/// Power ratio in decibels, bounded below.
func decibels(_ power: Double) -> Double { 10 * log10(max(power, 1e-12)) }
