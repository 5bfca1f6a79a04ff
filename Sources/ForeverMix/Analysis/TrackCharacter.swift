import Foundation

/// How a track feels, from its measurements.
package enum TrackCharacter {
    /// 0 calm ... 1 driving: attacks a second and their strength, brightness of the drums, little dynamic range.
    package static func energy(
        frames: OnsetFrames, strength: [Float], onsetCount: Int, soundSeconds: Double, crest: Double
    ) -> Double {
        guard soundSeconds > 1, !strength.isEmpty else { return 0 }
        let rate = min(1, Double(onsetCount) / soundSeconds / 8)
        let flux = frames.high.reduce(0) { $0 + Double($1) } / Double(frames.count)
        let brightness = min(1, flux / 0.06)
        let density = max(0, min(1, (22 - crest) / 14))
        return max(0, min(1, 0.45 * rate + 0.3 * brightness + 0.25 * density))
    }

    /// 0 ... 1: a steady, clear beat at a tempo people dance to.
    package static func danceability(found: BeatFinder.Found?, clarity: Double) -> Double {
        guard let found else { return 0 }
        let octaves = log2(found.tempo / 122)
        let tempo = exp(-octaves * octaves / (2 * 0.45 * 0.45))
        let steadiness = found.grid.isConstant ? 1.0 : 0.6
        return max(0, min(1, clarity * (0.4 + 0.6 * tempo) * steadiness))
    }
}
