/// A bar or two of broken chords.
struct DemoArpeggio: Hashable, Sendable {
    /// For each of 32 sixteenths the chord's voice that sounds, 4 and up an octave higher; nil rests.
    var voices: [Int?]
    var velocities: [UInt8]

    init(genre: DemoGenre, random: inout DemoRandom) {
        let strokes = genre.energy > 0.6 ? random.pick([16, 13, 11, 12]) : random.pick([5, 6, 7, 9, 10])
        let mask = DemoRhythm.euclidean(strokes: strokes, steps: 16, turnedBy: random.integer(0...15))
        let contours = [
            [0, 1, 2, 3], [3, 2, 1, 0], [0, 2, 1, 3], [0, 1, 2, 3, 2, 1], [4, 2, 3, 1], [0, 3, 2, 4, 1], [0, 2, 4],
            [2, 0, 3, 1, 4, 2], [4, 3, 1], [1, 3, 4, 2, 5],
        ]
        let contour = random.pick(contours)
        let start = random.integer(0...(contour.count - 1))
        var place = start
        voices = (0..<32).map { step in
            guard mask[step % 16] else { return nil }
            defer { place += 1 }
            return contour[place % contour.count]
        }
        velocities = (0..<32).map { step in UInt8((step % 4 == 0 ? 96 : 78) + random.integer(-14...10)) }
    }
}

/// Four bars of melody: a motif, its variation, the motif, an ending.
struct DemoMelody: Hashable, Sendable {
    struct Note: Hashable, Sendable {
        /// Sixteenth within four bars.
        var step: Int
        /// **Units:** sixteenths.
        var length: Int
        /// Scale degree above the tonic of the melody's octave; on strong places moved to the chord when played.
        var degree: Int
        var velocity: UInt8
        /// Whether it is moved to the nearest tone of the chord.
        var leans: Bool
    }

    var notes: [Note]

    init(genre: DemoGenre, random: inout DemoRandom) {
        let rhythms = [
            [0, 6, 12], [0, 3, 6, 12], [2, 6, 8, 12], [0, 4, 10], [0, 8, 10, 12, 14], [4, 6, 8, 14], [0, 3, 8, 11],
            [0, 6, 8, 14], [2, 4, 6, 10], [0, 10, 12],
        ]
        let motif = random.pick(rhythms)
        let variation = random.chance(0.5) ? motif : random.pick(rhythms)
        let ending = [0] + (random.chance(0.6) ? [random.pick([4, 6, 8])] : [])
        var degree = random.pick([0, 2, 4])
        let walk = (0..<8).map { _ in random.pick([-2, -1, -1, 1, 1, 2, 3, -3]) }
        var result: [Note] = []
        for (bar, steps) in [motif, variation, motif, ending].enumerated() {
            if bar == 2 { degree = result[0].degree }
            for (index, step) in steps.enumerated() {
                let next = index + 1 < steps.count ? steps[index + 1] : 16
                let isStrong = step % 8 == 0 || index == 0
                result.append(
                    Note(
                        step: bar * 16 + step, length: max(1, min(next - step, bar == 3 ? 8 : 6)), degree: degree,
                        velocity: UInt8((isStrong ? 100 : 84) + random.integer(-8...8)), leans: isStrong))
                degree += walk[(bar == 1 ? index + 3 : index) % walk.count]
                // A fifth below to an octave and a third above its tonic: stays singable.
                if degree > 9 { degree -= 5 }
                if degree < -3 { degree += 5 }
            }
        }
        // Home, or left open.
        result[result.count - 1].degree = random.chance(0.6) ? 0 : 1
        notes = result
    }
}

extension DemoMelody {
    /// Rhythm and degrees without the velocities: what an ear knows a tune by.
    var shape: [[Int]] { notes.map { [$0.step, $0.degree] } }
}
