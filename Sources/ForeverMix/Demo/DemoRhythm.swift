/// Rhythms without pitch.
enum DemoRhythm {
    /// `strokes` spread as evenly as whole steps allow over `steps`.
    static func euclidean(strokes: Int, steps: Int, turnedBy turn: Int) -> [Bool] {
        (0..<steps).map { step in ((step + turn) * strokes) % steps < strokes }
    }
}

/// One stroke of the chords' rhythm.
struct DemoStroke: Hashable, Sendable {
    /// Sixteenth within two bars.
    var step: Int
    /// **Units:** sixteenths.
    var length: Int
    var velocity: UInt8
}

/// Two bars of how the keys strike the chords.
struct DemoComping: Hashable, Sendable {
    var strokes: [DemoStroke]

    init(genre: DemoGenre, random: inout DemoRandom) {
        let patterns: [[Int]]
        switch genre.groove {
        case .fourOnFloor:
            patterns = [
                [3, 6, 11, 14], [0, 3, 6, 10], [2, 6, 10, 14], [3, 10], [0, 7, 10], [3, 6, 14], [6, 11], [0, 3, 11],
            ]
        case .boomBap: patterns = [[0, 7], [0, 6, 10], [2, 10], [0, 3, 10], [0, 11], [3, 8, 14]]
        case .broken, .fast: patterns = [[0, 6, 12], [3, 6, 11], [0, 3, 10], [2, 7, 14], [0, 10]]
        case .halfTime: patterns = [[2, 6], [4, 12], [6, 14], [2, 10, 14], [4, 7, 12]]
        }
        let first = random.pick(patterns)
        let second = random.chance(0.4) ? first : random.pick(patterns)
        let steps = first + second.map { $0 + 16 }
        let isLong = genre.groove == .boomBap || genre.keyVoices.contains(.electricPiano)
        strokes = steps.enumerated().map { index, step in
            let next = index + 1 < steps.count ? steps[index + 1] : 32 + steps[0]
            let length = isLong ? min(next - step, random.integer(3...7)) : random.integer(1...2)
            return DemoStroke(step: step, length: length, velocity: UInt8(random.integer(70...110)))
        }
    }
}
