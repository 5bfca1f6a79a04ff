/// One place in the crate: a genre at a tempo in a key. The places are chosen so that a tour can pass through all of
/// them beat-matched.
struct DemoSlot: Sendable {
    var genre: DemoGenre
    /// **Units:** BPM.
    var tempo: Double
    var key: MusicalKey

    /// Genres and tempi in the order of the chain: a place's tempo is within 6 % of its neighbours', the two of drum
    /// and bass at half their tempo, so that stretching by about 3 % a side meets in the middle.
    private static let chain: [(genre: DemoGenre, tempo: Double)] = [
        (.downtempo, 84), (.liquid, 171), (.drumAndBass, 174), (.tripHop, 88), (.hipHop, 92), (.hipHop, 96),
        (.electroSoul, 101), (.balearic, 106), (.nuDisco, 111), (.deepHouse, 116), (.deepHouse, 120),
        (.progressive, 122), (.house, 124.5), (.techHouse, 127), (.techno, 129.5), (.techno, 132), (.breaks, 134),
        (.trance, 136), (.trance, 138.5), (.dubstep, 140),
    ]

    /// The crate's places in chain order: tempi drawn close to the chain's, keys a walk on the circle of fifths
    /// where each step is at most one fifth or the change to the relative key.
    static func all(seed: UInt64) -> [DemoSlot] {
        var random = DemoRandom(seed: seed, stream: 1)
        var fifths = random.integer(0...11)
        var mode: MusicalKey.Mode = .minor
        var stepsInMajor = 0
        return chain.map { genre, tempo in
            let slot = DemoSlot(
                genre: genre, tempo: tempo + Double(random.integer(-2...2)) * 0.25,
                key: key(fifths: fifths, mode: mode))
            if mode == .major { stepsInMajor += 1 }
            if mode == .major ? (stepsInMajor >= 2 || random.chance(0.5)) : random.chance(0.25) {
                mode = mode == .major ? .minor : .major
                stepsInMajor = 0
            } else {
                fifths += random.chance(0.75) ? 1 : -1
            }
            return slot
        }
    }

    /// The key `fifths` steps clockwise from A minor / C major.
    private static func key(fifths: Int, mode: MusicalKey.Mode) -> MusicalKey {
        MusicalKey(pitchClass: (mode == .minor ? 9 : 0) + 7 * fifths, mode: mode)
    }
}
