import Foundation

/// How much of the sound glides in pitch: what voices do and most instruments do not.
///
/// The spectrum between 400 Hz and 3.2 kHz on a logarithmic axis is compared with that of 40 ms before; where it fits
/// better moved than unmoved, all partials glide together (the idea of the fluctogram: Sonnleitner, Niedermayer,
/// Widmer & Schlüter, DAFx 2012). **Thread:** one.
package final class GlideExtractor {
    /// Ten values a second, 0 ... 255: how much better moved spectra fit.
    package private(set) var rows: [UInt8] = []
    package static let rowsPerSecond = 10.0

    private static let lowestHertz = 400.0
    private static let octaves = 3.0
    private static let pointsPerSemitone = 5
    private static let points = Int(octaves) * 12 * pointsPerSemitone
    /// Semitone and a fifth: the fastest glide in 40 ms.
    private static let shiftMax = 6
    /// Below this likeness two spectra have nothing to do with each other: a drum came between.
    private static let likenessMin: Float = 0.6
    private static let framesPerComparison = 2
    private static let comparisonsPerRow = 5

    private let bins: [Int32]
    private let shares: [Float]
    private let firstBin: Int
    private let binCount: Int
    private let logs: FloatBlock
    private let raw = FloatBlock(points)
    /// Peaks of the spectrum now and 20 and 40 ms ago.
    private let history = [FloatBlock(points), FloatBlock(points), FloatBlock(points)]
    private var frames = 0
    private var comparisons = 0
    private var sum: Float = 0

    package init(hertzPerBin: Double) {
        let places = (0..<GlideExtractor.points).map { point in
            let semitones = Double(point) / Double(GlideExtractor.pointsPerSemitone)
            return GlideExtractor.lowestHertz * pow(2, semitones / 12) / hertzPerBin
        }
        let first = Int(places[0])
        firstBin = first
        binCount = Int(places[places.count - 1]) + 2 - first
        bins = places.map { Int32(Int($0) - first) }
        shares = places.map { Float($0 - $0.rounded(.down)) }
        logs = FloatBlock(binCount)
    }

    /// Adds one magnitude spectrum; to be called every 10 ms.
    package func add(_ magnitude: UnsafePointer<Float>) {
        frames += 1
        guard frames % GlideExtractor.framesPerComparison == 0 else { return }
        let now = history[(frames / 2) % 3].pointer
        write(magnitude, into: now)
        sum += glide(now, history[(frames / 2 + 1) % 3].pointer)
        comparisons += 1
        if comparisons == GlideExtractor.comparisonsPerRow { endRow() }
    }

    /// Ends the row that is begun.
    package func finish() { if comparisons > 0 { endRow() } }

    private func endRow() {
        rows.append(UInt8(max(0, min(255, (sum / Float(comparisons) * 510).rounded()))))
        sum = 0
        comparisons = 0
    }

    /// The log spectrum on the logarithmic axis, less its mean over five semitones: the partials alone.
    private func write(_ magnitude: UnsafePointer<Float>, into peaks: UnsafeMutablePointer<Float>) {
        let logs = logs.pointer
        for bin in 0..<binCount { logs[bin] = log(magnitude[firstBin + bin] + 0.05) }
        let points = GlideExtractor.points
        let raw = raw.pointer
        bins.withUnsafeBufferPointer { bins in
            shares.withUnsafeBufferPointer { shares in
                for k in 0..<points {
                    let bin = Int(bins[k])
                    raw[k] = logs[bin] + shares[k] * (logs[bin + 1] - logs[bin])
                }
            }
        }
        let reach = 12
        var total: Float = 0
        for k in 0..<reach { total += raw[k] }
        for k in 0..<points {
            if k + reach < points { total += raw[k + reach] }
            if k - reach - 1 >= 0 { total -= raw[k - reach - 1] }
            let count = min(points - 1, k + reach) - max(0, k - reach) + 1
            peaks[k] = max(0, raw[k] - total / Float(count))
        }
    }

    /// How much better the spectra fit when one is moved, 0 ... 0.5.
    private func glide(_ now: UnsafePointer<Float>, _ before: UnsafePointer<Float>) -> Float {
        let reach = GlideExtractor.shiftMax
        let points = GlideExtractor.points
        var nowPower: Float = 1e-6
        var beforePower: Float = 1e-6
        for k in 0..<points {
            nowPower += now[k] * now[k]
            beforePower += before[k] * before[k]
        }
        let scale = 1 / (nowPower * beforePower).squareRoot()
        var best: Float = 0
        var still: Float = 0
        for shift in -reach...reach {
            var product: Float = 0
            for k in reach..<(points - reach) { product += now[k] * before[k + shift] }
            product *= scale
            if shift == 0 { still = product }
            best = max(best, product)
        }
        return best > GlideExtractor.likenessMin ? min(0.5, best - still) : 0
    }
}
