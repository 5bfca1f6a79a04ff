import ForeverCore
import Foundation

/// Invented tracks for tours.
enum Crates {
    /// Tempi and keys like a demo crate's: 18 tracks, several genres, 84 to 174 BPM.
    static let demo: [TrackFacts] = {
        let rows: [(Double, String, String, String, Double)] = [
            (84, "A", "minor", "downtempo", 0.3), (87, "D", "minor", "downtempo", 0.35),
            (90, "C", "major", "hip hop", 0.4), (96, "E", "minor", "hip hop", 0.45),
            (102, "G", "major", "reggaeton", 0.5), (108, "B", "minor", "nu disco", 0.5),
            (112, "F#", "minor", "nu disco", 0.55), (116, "A", "major", "indie dance", 0.55),
            (120, "F#", "minor", "deep house", 0.55), (122, "C#", "minor", "deep house", 0.6),
            (124, "A", "minor", "house", 0.65), (126, "E", "minor", "house", 0.7),
            (128, "G", "minor", "tech house", 0.75), (132, "D", "minor", "techno", 0.8),
            (138, "F", "minor", "trance", 0.85), (140, "C", "minor", "dubstep", 0.8),
            (160, "Eb", "major", "juke", 0.9), (174, "F", "minor", "drum & bass", 0.95),
        ]
        return rows.enumerated().map { index, row in
            TrackFacts(
                id: "demo-\(index)", title: "Track \(index)", artist: "Demo Crate", genre: row.3,
                duration: 200 + Double(index * 37 % 120), tempo: row.0, key: KeyFact(tonic: row.1, mode: row.2),
                energy: row.4, danceability: 0.5, loudness: -14)
        }
    }()

    /// `count` tracks drawn from a seed, with holes in what is known; `known` 1 leaves none.
    static func drawn(_ count: Int, seed: UInt64, known: Double = 0.9, artists: Int? = nil) -> [TrackFacts] {
        var generator = SeededGenerator(seed: seed)
        let genres = ["house", "deep house", "tech house", "techno", "trance", "drum & bass", "dub", "ambient"]
        let tonics = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"]
        let artistCount = artists ?? max(1, count / 3)
        return (0..<count).map { index in
            func maybe<Value>(_ value: Value) -> Value? { generator.nextUnit() < known ? value : nil }
            let centre = [88.0, 100, 124, 128, 140, 174][generator.next(below: 6)]
            let tempo = centre + 6 * (generator.nextUnit() - 0.5)
            let tonic = tonics[generator.next(below: 12)]
            let mode = generator.next(below: 2) == 0 ? "major" : "minor"
            let artist = "artist \(generator.next(below: artistCount))"
            let genre = genres[generator.next(below: genres.count)]
            let numbers = (0..<4).map { _ in generator.nextUnit() }
            return TrackFacts(
                id: "t\(index)", title: "title \(index)", artist: maybe(artist), genre: maybe(genre),
                tags: maybe(["tag \(generator.next(below: 20))", "tag \(generator.next(below: 20))"]) ?? [],
                duration: maybe(120 + 300 * numbers[0]), tempo: maybe(tempo),
                key: maybe(KeyFact(tonic: tonic, mode: mode)), energy: maybe(numbers[1]),
                danceability: maybe(numbers[2]), loudness: maybe(-20 + 14 * numbers[3]))
        }
    }

    /// An opinion that differs by direction, as a planner's does, and is silent where there is no tempo.
    @Sendable static func lopsided(_ from: TrackFacts, _ to: TrackFacts) -> TransitionOpinion? {
        guard let a = from.tempo, let b = to.tempo, let apart = TempoFolding.octaves(a, b) else { return nil }
        let rise = log2(b / a)
        return TransitionOpinion(
            cost: apart <= TempoFolding.beatMatchOctaves ? 0.1 + 0.1 * max(0, -rise) : 0.9,
            kind: apart <= TempoFolding.beatMatchOctaves ? "beatMatched" : "fade")
    }

    /// Every order of `0 ..< count`.
    static func permutations(_ count: Int) -> [[Int]] {
        guard count > 0 else { return [[]] }
        return permutations(count - 1).flatMap { rest in
            (0..<count).map { place in
                var order = rest
                order.insert(count - 1, at: place)
                return order
            }
        }
    }
}
