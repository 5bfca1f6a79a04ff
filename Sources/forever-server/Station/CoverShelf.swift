import ForeverCore
import ForeverHTTP
import Synchronization

/// Pictures of the tracks on the timeline, read where the file is open anyway and not on the loop. **Thread:** any.
package final class CoverShelf: Sendable {
    /// Covers held at once; a timeline has some ten tracks.
    static let coversMax = 32

    private let covers = Mutex<[String: EmbeddedFile]>([:])

    package init() {}

    /// Reads the track's picture, if it has one and is not here.
    func put(_ track: Track, opener: SoundOpener) {
        guard covers.withLock({ $0[track.id] == nil && $0.count < CoverShelf.coversMax }) else { return }
        guard let cover = opener.cover(of: track) else { return }
        let file = EmbeddedFile(
            cover.bytes, contentType: cover.mediaType,
            cacheControl: track.isFromSoundCloud ? "no-store" : "public, max-age=86400")
        covers.withLock { $0[track.id] = file }
    }

    /// Drops the pictures of all others.
    func keep(_ ids: Set<String>) { covers.withLock { $0 = $0.filter { ids.contains($0.key) } } }

    subscript(id: String) -> EmbeddedFile? { covers.withLock { $0[id] } }
}
