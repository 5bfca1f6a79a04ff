import ForeverMix

// Samples that a program has in memory, analysed with nothing but ForeverMix: a click every half second, and every
// fourth higher, as a decoder or a synthesiser of your own might hand over.
let rate = AudioFormat.sampleRate
var clicks = [Float](repeating: 0, count: 20 * rate)
for beat in 0..<40 {
    let halfWave = beat % 4 == 0 ? 12 : 24
    for n in 0..<2_400 {
        let sign: Float = (n / halfWave) % 2 == 0 ? 0.5 : -0.5
        clicks[beat * rate / 2 + n] = sign * (1 - Float(n) / 2_400)
    }
}
let analysis = try TrackAnalyzer().analyze(StereoBuffer(left: clicks, right: clicks))
print("\(analysis.tempo ?? 0) beats a minute, \(analysis.timeSignature.rawValue), \(analysis.beats.count) beats")
print("made by analysis \(analysis.analysisVersion); trusted: \(analysis.trusted.beats)")
