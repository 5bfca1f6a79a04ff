import ForeverMix
import Foundation

/// Where the tracks of a mix lie in it: read from a plan, or found in the sound. **Units:** s.
struct MixLayout: Codable {
    var tracks: [Track]
    var transitions: [Transition]

    struct Track: Codable {
        var path: String
        var beats: [Double]
        var downbeats: [Double]
        /// Pairs of source and output time; linear between them, and of slope 1 outside.
        var map: [[Double]]

        func output(_ source: Double) -> Double { MixLayout.Track.value(at: source, map, from: 0, to: 1) }
        func source(_ output: Double) -> Double { MixLayout.Track.value(at: output, map, from: 1, to: 0) }

        private static func value(at x: Double, _ map: [[Double]], from: Int, to: Int) -> Double {
            guard let first = map.first, let last = map.last else { return x }
            if x <= first[from] { return first[to] + x - first[from] }
            if x >= last[from] { return last[to] + x - last[from] }
            let upper = map.firstIndex { $0[from] > x } ?? map.count - 1
            let (a, b) = (map[upper - 1], map[upper])
            return a[to] + (x - a[from]) * (b[to] - a[to]) / (b[from] - a[from])
        }
    }

    struct Transition: Codable {
        var out: Int
        var `in`: Int
        var start: Double
        var end: Double
        var style: String?
        var report: TransitionReport?
    }

    init(plan path: String) throws {
        self = try JSONDecoder().decode(MixLayout.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    }

    /// Of a mix that plays `tracks` one after the other at their own speed: each is looked for near the end of the one
    /// before.
    init(finding tracks: [Track], _ sounds: [SoundFeatures], in mix: SoundFeatures) {
        var last = 0.0
        self.tracks = []
        transitions = []
        for (at, track) in tracks.enumerated() {
            let from = PlaceFinder.start(of: sounds[at].slow, in: mix.slow, near: last)
            let length = sounds[at].seconds
            last = from + length
            self.tracks.append(
                Track(
                    path: track.path, beats: track.beats, downbeats: track.downbeats,
                    map: [[0, from], [length, from + length]]))
            guard at > 0 else { continue }
            // Two that follow each other without an overlap are looked at over two seconds.
            let end = self.tracks[at - 1].map[1][1]
            transitions.append(
                Transition(out: at - 1, in: at, start: min(from, end - 1), end: max(end, from + 1)))
        }
    }

    func write(to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(self).write(to: URL(fileURLWithPath: path))
    }
}

/// Where a track begins in a mix, from its sound alone.
enum PlaceFinder {
    /// Samples of the slow sound that make one value of its envelope, 20 ms.
    private static let envelopeFrames = 120
    /// What is looked for of a track, from its middle, and how far from where it should be. **Units:** s.
    private static let seconds = 40
    private static let reachSeconds = 20.0

    /// Both at `AudioFormat.sampleRate / SoundFeatures.slowFactor`. **Units:** s.
    static func start(of track: [Float], in mix: [Float], near expected: Double) -> Double {
        let rate = AudioFormat.sampleRate / SoundFeatures.slowFactor
        let length = min(seconds * rate, track.count / 2)
        let middle = (track.count - length) / 2
        let wanted = envelope(track[middle..<middle + length])
        let heard = envelope(mix[...])
        let best = correlations(wanted, heard).enumerated()
            .filter { abs(Double($0.offset * envelopeFrames - middle) / Double(rate) - expected) < reachSeconds }
            .sorted { $0.element > $1.element }.prefix(6).map { $0.offset * envelopeFrames }
        // The envelope says where about, the wave itself where.
        let piece = Array(track[middle..<middle + min(length, 4 * rate)])
        var found = (place: best.first ?? 0, likeness: -1.0)
        for place in best {
            for at in max(
                0, place - 2 * envelopeFrames)..<max(1, min(mix.count - piece.count, place + 2 * envelopeFrames))
            {
                let likeness = likeness(piece, mix, at)
                if likeness > found.likeness { found = (at, likeness) }
            }
        }
        return Double(found.place - middle) / Double(rate)
    }

    private static func envelope(_ samples: ArraySlice<Float>) -> [Float] {
        stride(from: samples.startIndex, to: samples.endIndex - envelopeFrames + 1, by: envelopeFrames).map { at in
            samples[at..<at + envelopeFrames].reduce(0) { $0 + abs($1) }
        }
    }

    private static func correlations(_ wanted: [Float], _ heard: [Float]) -> [Float] {
        let mean = wanted.reduce(0, +) / Float(max(1, wanted.count))
        let pattern = wanted.map { $0 - mean }
        guard heard.count > pattern.count else { return [] }
        return (0..<heard.count - pattern.count).map { at in
            var (product, sum, square) = (Float(0), Float(0), Float(0))
            for i in pattern.indices {
                let value = heard[at + i]
                product += pattern[i] * value
                sum += value
                square += value * value
            }
            let power = square - sum * sum / Float(pattern.count)
            return power > 0 ? product / power.squareRoot() : 0
        }
    }

    private static func likeness(_ piece: [Float], _ mix: [Float], _ at: Int) -> Double {
        var (product, power) = (Float(0), Float(1e-9))
        for i in piece.indices {
            product += piece[i] * mix[at + i]
            power += mix[at + i] * mix[at + i]
        }
        return Double(abs(product) / power.squareRoot())
    }
}
