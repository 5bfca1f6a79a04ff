/// One chord as it is played: a bass note and four voices.
struct DemoChord: Hashable, Sendable {
    /// Scale degree of the root, 0-based.
    var degree: Int
    /// MIDI note of the root in the bass octave.
    var bass: Int
    /// MIDI notes, ascending.
    var voices: [Int]
}

/// A track's chords: a main progression of four, and a second one of four that answers it.
struct DemoHarmony: Hashable, Sendable {
    /// Scale degrees of the main and of the answering progression, the pattern that no two tracks share.
    var degrees: [Int]
    var colour: DemoGenre.Colour
    /// Bars a chord lasts.
    var barsPerChord: Int

    /// Four chords each, roots as scale degrees; chosen so that every root's chord has a perfect fifth.
    private static let minor = [
        [0, 5, 2, 6], [0, 3, 5, 4], [0, 6, 5, 6], [0, 4, 5, 3], [0, 2, 3, 5], [5, 6, 0, 0], [0, 5, 3, 4],
        [3, 0, 5, 6], [0, 3, 0, 5], [0, 6, 4, 5], [0, 5, 6, 4], [0, 3, 6, 2], [5, 3, 0, 4], [0, 2, 6, 3],
        [5, 4, 0, 6], [0, 4, 3, 5], [3, 6, 2, 5], [5, 2, 6, 0], [0, 6, 3, 5], [5, 6, 4, 0], [0, 3, 4, 3],
        [2, 6, 0, 5],
    ]
    private static let major = [
        [0, 4, 5, 3], [0, 5, 3, 4], [3, 0, 4, 5], [5, 3, 0, 4], [1, 4, 0, 5], [0, 2, 3, 4], [0, 2, 5, 3],
        [3, 4, 2, 5], [1, 3, 0, 4], [0, 3, 5, 4], [3, 2, 1, 0], [0, 5, 1, 4], [3, 5, 0, 4], [0, 3, 1, 4],
        [5, 4, 3, 4], [3, 0, 1, 5],
    ]

    init(genre: DemoGenre, key: MusicalKey, random: inout DemoRandom) {
        let pool = key.mode == .minor ? DemoHarmony.minor : DemoHarmony.major
        let main = random.pick(pool)
        // The answer starts as the main one and leaves it: an ear takes both for one piece.
        var answer = main
        if random.chance(0.3) {
            answer = Array(main[2...] + main[..<2])
        } else {
            answer[random.pick([1, 3, 3])] = random.pick(pool)[3]
        }
        degrees = main + answer
        colour = random.pick(genre.colours)
        barsPerChord = random.pick(genre.barsPerChord)
    }

    /// The eight chords in `key`, each voiced as near to the one before as it goes.
    func chords(in key: MusicalKey) -> [DemoChord] {
        var previous: [Int] = []
        var voicings: [Int: [Int]] = [:]
        return degrees.map { degree in
            // A degree keeps its voicing: what comes back is recognised, and its pad is made once.
            let tones = chordTones(degree: degree, key: key)
            let voices = voicings[degree] ?? DemoHarmony.voicing(of: tones, after: previous)
            voicings[degree] = voices
            previous = voices
            let root = DemoScale(key: key).note(degree: degree, near: 36)
            // The bass stays between E1 (41 Hz) and Eb2: what small speakers still hint at and big ones love.
            let bass = root < 28 ? root + 12 : (root > 39 ? root - 12 : root)
            return DemoChord(degree: degree, bass: bass, voices: voices)
        }
    }

    /// Four pitch classes of the chord on `degree`.
    private func chordTones(degree: Int, key: MusicalKey) -> [Int] {
        let scale = DemoScale(key: key)
        var steps: [Int]
        switch colour {
        case .triad: steps = [0, 2, 4, 0]
        case .seventh: steps = [0, 2, 4, 6]
        case .ninth: steps = [2, 4, 6, 8]
        }
        let root = scale.pitchClass(degree: degree)
        let ninth = (scale.pitchClass(degree: degree + 8) - root + 12) % 12
        let seventh = (scale.pitchClass(degree: degree + 6) - root + 12) % 12
        // A minor ninth over the root grates: leave it out. A dominant's leading seventh is kept.
        if colour == .ninth && ninth == 1 { steps = [0, 2, 4, 6] }
        if colour == .seventh && seventh == 11 && degree == 0 { steps = [0, 2, 4, 8] }
        return steps.map { scale.pitchClass(degree: degree + $0) }
    }

    /// Places four pitch classes between D3 and E5: as near to the last voicing as possible, without semitones
    /// between neighbours, without holes.
    static func voicing(of tones: [Int], after previous: [Int]) -> [Int] {
        let range = 50...76
        var best: [Int] = []
        var bestCost = Double.infinity
        let choices = tones.map { tone in range.filter { $0 % 12 == tone } }
        for first in choices[0] {
            for second in choices[1] {
                for third in choices[2] {
                    for fourth in choices[3] {
                        let voices = [first, second, third, fourth].sorted()
                        let cost = voicingCost(voices, after: previous)
                        if cost < bestCost {
                            bestCost = cost
                            best = voices
                        }
                    }
                }
            }
        }
        return best
    }

    private static func voicingCost(_ voices: [Int], after previous: [Int]) -> Double {
        var cost = 0.0
        for (lower, upper) in zip(voices, voices.dropFirst()) {
            let gap = upper - lower
            if gap == 0 { cost += 30 }
            if gap == 1 { cost += 8 }
            if gap == 2 && lower < 57 { cost += 3 }
            if gap > 9 { cost += Double(gap - 9) * 2 }
        }
        let mean = Double(voices.reduce(0, +)) / 4
        cost += abs(mean - 62) * 0.8
        for (voice, before) in zip(voices, previous) { cost += Double(abs(voice - before)) }
        return cost
    }
}
