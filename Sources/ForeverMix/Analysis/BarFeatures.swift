import Foundation

/// What was measured in one bar, before it is held against the rest of the track.
package struct BarFeatures: Sendable {
    /// **Units:** s.
    package var start: Double
    package var end: Double
    /// Mean level of all sound. **Units:** dB.
    package var level: Double
    /// Levels of six groups of spectrum bands, low to high. **Units:** dB.
    package var groups: [Double]
    /// Root mean square of the onset strengths below 150 Hz, between, and above 2 kHz.
    package var flux: [Double]
    /// Strength of notes below 200 Hz that stand out of their neighbours.
    package var bass: Double
    /// C ... B as a direction: of length 1, or 0 where no note sounds.
    package var harmony: [Float]
    /// Level below 200 Hz that all but three tenths of the bar reach: of bass notes, not of kicks. **Units:** dB.
    package var lowFloor: Double
    /// How much glides in pitch, and how much the spectrum's shape varies within the bar. **Units:** -; dB.
    package var glide: Double
    package var variety: Double

    /// Length of a "bar" where no beats are known. **Units:** s.
    private static let plainSeconds = 2.0
    private static let groupCount = 6
    /// Bands of the spectrum below about 200 Hz.
    private static let lowBands = 2

    /// Measurements of one pass, as the bars read them.
    package struct Sound {
        package var frames: OnsetFrames
        package var spectrum: SpectrumRows
        package var glides: [UInt8]
        package var chromagram: Chromagram
        package init(frames: OnsetFrames, spectrum: SpectrumRows, glides: [UInt8], chromagram: Chromagram) {
            self.frames = frames
            self.spectrum = spectrum
            self.glides = glides
            self.chromagram = chromagram
        }
    }

    /// All bars between the edges; the last is left out where less than half of it sounds. **Units:** `downbeats` s.
    package static func bars(
        downbeats: [Double], edges: (start: Double, end: Double), sound: Sound
    ) -> [BarFeatures] {
        var starts = downbeats
        if starts.count < 2 {
            starts = Array(stride(from: edges.start, to: edges.end, by: plainSeconds))
        }
        guard let first = starts.first, let last = starts.last, edges.end > edges.start else { return [] }
        let period = starts.count > 1 ? (last - first) / Double(starts.count - 1) : plainSeconds
        if edges.end - last < 0.5 * period, starts.count > 1 { starts.removeLast() }
        return starts.indices.map { at in
            let end = at + 1 < starts.count ? starts[at + 1] : min(edges.end, starts[at] + period)
            return BarFeatures(from: starts[at], until: max(end, starts[at] + 0.05), sound: sound)
        }
    }

    /// The same bar in a track whose beginning lies `seconds` earlier.
    func moved(by seconds: Double) -> BarFeatures {
        var copy = self
        copy.start += seconds
        copy.end += seconds
        return copy
    }

    private init(from: Double, until: Double, sound: Sound) {
        start = from
        end = until
        let spectrum = sound.spectrum
        let rows = spectrum.rows(from: from, until: until)
        var bands = [Double](repeating: 0, count: SpectrumRows.bandCount)
        var power = 0.0
        var squares = bands
        for row in rows {
            for band in bands.indices {
                let decibels = Double(spectrum[row, band])
                bands[band] += decibels
                squares[band] += decibels * decibels
                power += pow(10, decibels / 10)
            }
        }
        let low = rows.map { row in
            (0..<BarFeatures.lowBands).reduce(Float(0)) { $0 + pow(10, spectrum[row, $1] / 10) }
        }.sorted()
        lowFloor = low.isEmpty ? -70 : 10 * log10(max(1e-7, Double(low[low.count * 3 / 10])))
        let count = Double(max(1, rows.count))
        level = 10 * log10(max(1e-7, power / count))
        let width = SpectrumRows.bandCount / BarFeatures.groupCount
        groups = (0..<BarFeatures.groupCount).map { group in
            bands[(group * width)..<((group + 1) * width)].reduce(0, +) / (count * Double(width))
        }
        // The voice's own range, some 300 Hz to 4 kHz.
        let voiced = SpectrumRows.band(hertz: 300)..<SpectrumRows.band(hertz: 4_000)
        variety = voiced.reduce(0.0) { sum, band in
            sum + max(0, squares[band] / count - (bands[band] / count) * (bands[band] / count)).squareRoot()
        }
        variety /= Double(voiced.count)
        let frames = sound.frames
        flux = [frames.low, frames.middle, frames.high].map { BarFeatures.effective($0, from, until) }
        let chromaRate = Double(AnalysisLimits.chromaFramesPerSecond)
        bass = BarFeatures.mean(sound.chromagram.bass, from * chromaRate, until * chromaRate) { row in
            row.reduce(0) { $0 + Double($1) }
        }
        harmony = BarFeatures.direction(sound.chromagram.chroma, from * chromaRate, until * chromaRate)
        glide = BarFeatures.mean(
            sound.glides, from * GlideExtractor.rowsPerSecond, until * GlideExtractor.rowsPerSecond
        ) { Double($0) / 255 }
    }

    private static func effective(_ values: [Float], _ from: Double, _ until: Double) -> Double {
        let rate = AnalysisLimits.hopsPerSecond
        return mean(values, from * rate, until * rate) { Double($0 * $0) }.squareRoot()
    }

    private static func direction(_ rows: [[Float]], _ from: Double, _ until: Double) -> [Float] {
        let sum = (0..<12).map { note in Float(mean(rows, from, until) { Double($0[note]) }) }
        let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return length > harmonyMin ? sum.map { $0 / length } : [Float](repeating: 0, count: 12)
    }

    /// Less stands out of the noise of drums alone.
    private static let harmonyMin: Float = 0.5

    private static func mean<T>(_ values: [T], _ from: Double, _ until: Double, _ number: (T) -> Double) -> Double {
        guard !values.isEmpty else { return 0 }
        let first = max(0, min(values.count - 1, Int(from.rounded())))
        let last = max(first + 1, min(values.count, Int(until.rounded())))
        return values[first..<last].reduce(0) { $0 + number($1) } / Double(last - first)
    }
}
