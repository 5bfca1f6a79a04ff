import ForeverCodec
import ForeverCore
import ForeverMix

/// Opens a track's sound, wherever it comes from. **Thread:** any.
package struct SoundOpener: Sendable {
    private let demoTracks: [String: DemoTrack]

    /// Where the sound of SoundCloud tracks is while they play; nil where none are played.
    let cloud: CloudShelf?

    package init(crate: DemoCrate, cloud: CloudShelf? = nil) {
        demoTracks = Dictionary(uniqueKeysWithValues: crate.tracks.map { ($0.id, $0) })
        self.cloud = cloud
    }

    /// **Errors:** why the file cannot be played, in words an operator understands.
    func open(_ track: Track) throws -> any SampleSource {
        switch track.origin {
        case .file(let path):
            return try AudioFile(path: path)
        case .demo(let id):
            guard let demo = demoTracks[id] else { throw UnknownDemoTrack(id: id) }
            return demo.makeSource()
        case .soundCloud(let urn):
            guard let cloud else { throw SoundNotAtHand(urn: urn) }
            return try cloud.open(urn)
        }
    }

    /// A picture of the track, or nil where it has none. **Units:** bytes of an image file and its media type.
    func cover(of track: Track) -> (bytes: [UInt8], mediaType: String)? {
        switch track.origin {
        case .file(let path):
            guard track.hasCover, let found = try? FFmpegTagReader().cover(atPath: path) else { return nil }
            return (found.bytes, found.mimeType)
        case .demo(let id):
            return demoTracks[id].map { (Array($0.cover().utf8), "image/svg+xml") }
        case .soundCloud(let urn):
            guard let bytes = cloud?[urn]?.picture, let type = PictureType.mimeType(of: bytes) else { return nil }
            return (bytes, type)
        }
    }
}

/// A demo track that this crate does not have: it was made from another seed.
struct UnknownDemoTrack: Error, CustomStringConvertible {
    let id: String
    var description: String { "the demo crate has no track \(id)" }
}

/// A SoundCloud track whose sound is not in memory: it is dropped after its play.
struct SoundNotAtHand: Error, CustomStringConvertible {
    let urn: CloudURN
    var description: String { "the sound of \(urn) is not in memory any more" }
}
