/// Music to start with: twenty tracks made from a seed, from downtempo to drum and bass.
///
/// The same seed gives the same crate, bit for bit; another seed another one. No two tracks of a crate share a drum
/// pattern, a bass line, a progression or a tune, and neighbouring tempi and keys lie so that the whole crate can be
/// mixed beat on beat.
public struct DemoCrate: Sendable {
    /// Raised whenever the same seed would give another sound.
    public static let version = 1

    public let seed: UInt64
    public let tracks: [DemoTrack]

    /// **Cost:** a few milliseconds; no sound is made yet.
    public init(seed: UInt64) {
        self.seed = seed
        let shelf = DemoShelf()
        let slots = DemoSlot.all(seed: seed)
        var names = DemoNames(seed: seed)
        var scores: [DemoScore] = []
        tracks = slots.enumerated().map { place, slot in
            let score = DemoCrate.score(slot: slot, seed: seed, place: place, distinctFrom: scores)
            scores.append(score)
            let name = names.next()
            return DemoTrack(
                id: "demo-\(DemoCrate.version)-\(String(seed, radix: 16))-\(place < 10 ? "0" : "")\(place)",
                title: name.title, artist: name.artist, score: score, shelf: shelf)
        }
    }

    /// Draws until the track has every pattern to itself.
    private static func score(slot: DemoSlot, seed: UInt64, place: Int, distinctFrom others: [DemoScore]) -> DemoScore {
        var random = DemoRandom(seed: seed, stream: 1000 + UInt64(place))
        while true {
            let score = DemoScore(slot: slot, seed: random.next())
            if !others.contains(where: { $0.sharesPattern(with: score) }) { return score }
        }
    }
}
