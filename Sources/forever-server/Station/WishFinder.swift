import ForeverCatalogue
import ForeverCore

/// Finds the track that somebody names for a wish: by id or path, and on a station with SoundCloud by link, URN or
/// number, from where it is fetched before all others. **Thread:** any that may wait for the disk and the network.
package struct WishFinder: Sendable {
    private let shelf: LibraryShelf
    /// nil where SoundCloud is off.
    private let cloud: CloudWishes?

    package init(shelf: LibraryShelf, cloud: CloudWishes? = nil) {
        self.shelf = shelf
        self.cloud = cloud
    }

    /// Why nothing is wished for.
    package enum Refusal: Error, Hashable, CustomStringConvertible {
        /// No such track is known.
        case unknown
        /// It is not to be played, or not here.
        case refused(String)
        /// It cannot be found out now.
        case unreachable(String)

        package var description: String {
            switch self {
            case .unknown: "no such track is known"
            case .refused(let why), .unreachable(let why): why
            }
        }
    }

    private static let never = Refusal.refused("never to be played, by hand")

    /// The track, at hand or on its way.
    package func find(_ text: String) throws(Refusal) -> Track {
        if let entry = shelf.find(text) {
            if entry.isNever { throw WishFinder.never }
            return entry.track
        }
        guard let cloud else {
            throw CloudURN(text: text) == nil ? .unknown : .refused("SoundCloud is off")
        }
        return try cloud.find(text)
    }

    /// Sees that a track which was wished for before a restart is at hand again. **Returns** why it never will be; nil
    /// where it is, or may come.
    package func again(_ trackID: String) -> Refusal? {
        if let entry = shelf.find(trackID) { return entry.isNever ? WishFinder.never : nil }
        guard let urn = CloudURN(text: trackID) else {
            if cloud != nil { return .refused("a station with SoundCloud plays nothing else") }
            // A file that is away may come back; one that nobody knows will not.
            let records = try? shelf.catalogue.files(withContent: trackID)
            return records?.isEmpty == true ? .unknown : nil
        }
        guard let cloud else { return .refused("SoundCloud is off") }
        cloud.fetchSoon(urn)
        return nil
    }
}
