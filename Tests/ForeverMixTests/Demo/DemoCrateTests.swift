import ForeverMix
import Testing

@Suite struct DemoCrateTests {
    static let seeds: [UInt64] = [0, 1, 2, 7, 42, 1_000_003, .max]

    @Test(arguments: seeds) func isAWholeCrate(seed: UInt64) {
        let tracks = DemoCrate(seed: seed).tracks
        #expect(tracks.count >= 16)
        #expect(Set(tracks.map(\.id)).count == tracks.count)
        #expect(Set(tracks.map { "\($0.artist) \($0.title)" }).count == tracks.count)
        #expect(Set(tracks.map(\.genre)).count >= 10)
        #expect(Set(tracks.map(\.key)).count >= 6)
        for track in tracks {
            #expect((150...360).contains(track.durationSeconds), "\(track.title) \(track.durationSeconds) s")
            #expect((83...175).contains(track.tempo))
            #expect(!track.title.isEmpty && !track.artist.isEmpty)
        }
    }

    @Test(arguments: seeds) func noTwoTracksShareAPattern(seed: UInt64) {
        let tracks = DemoCrate(seed: seed).tracks
        for (place, track) in tracks.enumerated() {
            for other in tracks[..<place] {
                #expect(!track.sharesPattern(with: other), "\(track.title), \(other.title)")
            }
        }
    }

    /// A tour through the crate exists whose every leg can be beat-matched: with the fast tempi halved, neighbours in
    /// tempo are never further apart than 6 %, which both sides stretching 3 % bridges.
    @Test(arguments: seeds) func tempiFormAChain(seed: UInt64) {
        let folded = DemoCrate(seed: seed).tracks.map { $0.tempo > 160 ? $0.tempo / 2 : $0.tempo }.sorted()
        for (slow, fast) in zip(folded, folded.dropFirst()) { #expect(fast / slow <= 1.065, "\(slow) to \(fast)") }
        #expect(folded.first! < 86 && folded.last! > 138)
    }

    /// In the order of that chain, keys are neighbours on the circle of fifths or relatives.
    @Test(arguments: seeds) func keysAreNeighbours(seed: UInt64) {
        let tracks = DemoCrate(seed: seed).tracks
        for (from, to) in zip(tracks, tracks.dropFirst()) {
            // Places on the circle, a minor key at that of its relative major.
            let places = [from, to].map { ($0.key.pitchClass + ($0.key.mode == .minor ? 3 : 0)) * 7 % 12 }
            let apart = (places[0] - places[1] + 12) % 12
            #expect([0, 1, 11].contains(apart), "\(from.key) to \(to.key)")
            #expect(apart == 0 || from.key.mode == to.key.mode)
        }
    }

    /// Drums alone for at least eight bars at both ends, and sections of whole phrases.
    @Test(arguments: seeds) func formIsOfWholePhrases(seed: UInt64) {
        for track in DemoCrate(seed: seed).tracks {
            for bars in track.sectionBars { #expect(bars % 4 == 0) }
            #expect(track.beats.count == track.downbeats.count * 4)
            #expect(track.downbeats.count % 8 == 0 || track.downbeats.count % 8 == 4)
        }
    }

    @Test func seedDecidesTheCrate() {
        let first = DemoCrate(seed: 7).tracks
        let again = DemoCrate(seed: 7).tracks
        let other = DemoCrate(seed: 8).tracks
        #expect(first.map(\.id) == again.map(\.id))
        #expect(first.map(\.title) == again.map(\.title))
        #expect(first.map { $0.cover() } == again.map { $0.cover() })
        #expect(Set(first.map(\.id)).isDisjoint(with: other.map(\.id)))
        #expect(first.map(\.title) != other.map(\.title))
        for (track, stranger) in zip(first, other) { #expect(!track.sharesPattern(with: stranger)) }
    }

    @Test func coversAreSmallPicturesOfTheirOwn() {
        let covers = DemoCrate(seed: 7).tracks.map { $0.cover() }
        #expect(Set(covers).count == covers.count)
        for cover in covers {
            #expect(cover.hasPrefix("<svg xmlns=") && cover.hasSuffix("</svg>"))
            #expect(cover.utf8.count < 8192)
        }
    }
}
