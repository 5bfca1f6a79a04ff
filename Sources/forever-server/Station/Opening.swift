import ForeverCore
import ForeverMix

/// What the mix may open with, best first: a track of the library that is analysed, one that is not, a demo track.
package enum Opening {
    /// How long the scan has to find a first track before a demo track opens. **Units:** s.
    package static let patienceSeconds = 1.5
    /// Tracks of each kind that are tried.
    package static let triesMax = 4

    package static func choices(from crate: Crate, seed: UInt64) -> [String] {
        var generator = SeededGenerator(seed: seed)
        let own = crate.playable(limit: 64, standIns: false)
        let analysed = own.filter { if case .analysed? = crate[$0]?.knowledge { true } else { false } }
        let standIns = crate.playable(limit: 64, standIns: true)
        let drawn = [analysed, own, standIns].map { generator.shuffled($0).prefix(Opening.triesMax) }
        return drawn.flatMap { $0 }
    }
}
