/// A track of the demo crate. Its sound is made while it is read.
public struct DemoTrack: Sendable, Identifiable {
    /// "demo-" and what the sound depends on: version of the crate, seed, place. The same id is the same sound.
    public let id: String
    public let title: String
    public let artist: String
    /// **Units:** BPM.
    public let tempo: Double
    public let key: MusicalKey
    let score: DemoScore
    let shelf: DemoShelf

    init(id: String, title: String, artist: String, score: DemoScore, shelf: DemoShelf) {
        self.id = id
        self.title = title
        self.artist = artist
        self.score = score
        self.shelf = shelf
        tempo = score.tempo
        key = score.key
    }

    public var genre: String { score.genre.name }
    public var frameCount: Int64 { Int64(score.frameCount) }
    public var durationSeconds: Double { AudioFormat.seconds(frameCount) }

    /// The track's sound. **Cost:** its samples are made here, about 0.1 s, unless another source of the track
    /// is alive; a few megabytes while it lives.
    public func makeSource() -> any SampleSource {
        DemoSource(performance: shelf.performance(id: id, score: score))
    }

    /// A picture for the track, as the text of an SVG.
    public func cover() -> String { DemoCover.picture(score: score) }
}
