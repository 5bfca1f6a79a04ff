import ForeverCore
import ForeverMix

/// The demo crate as tracks of the station.
enum DemoShelf {
    /// The crate's own seed: the same crate for everybody, so that its analyses keep. Orders are drawn from `--seed`.
    static let crateSeed: UInt64 = 2012

    static func track(_ demo: DemoTrack) -> Track {
        Track(
            id: demo.id, title: demo.title, artist: demo.artist, album: "Forever demo crate", genre: demo.genre,
            tags: [demo.genre.lowercased()], durationSeconds: demo.durationSeconds, origin: .demo(id: demo.id),
            hasCover: true)
    }

    /// What a demo track's analysis is stored by: changes when the crate's sound does.
    static func contentKey(_ demo: DemoTrack) -> String { "demo-\(crateSeed)-\(DemoCrate.version)-\(demo.id)" }
}
