import ForeverCore

/// Tracks on SoundCloud that people name: looked up there, and fetched before others. **Thread:** any that may wait
/// for the network.
package struct CloudWishes: Sendable {
    private let client: CloudClient
    /// Puts the track at the head of what is fetched.
    package let fetchSoon: @Sendable (CloudURN) -> Void

    package init(client: CloudClient, fetchSoon: @escaping @Sendable (CloudURN) -> Void) {
        self.client = client
        self.fetchSoon = fetchSoon
    }

    /// The track behind a link, a URN or a number, on its way from now on.
    func find(_ text: String) throws(WishFinder.Refusal) -> Track {
        // The original's lists were numbers.
        let isNumber = !text.isEmpty && text.utf8.allSatisfy { (48...57).contains($0) }
        guard let source = try? CloudSource(isNumber ? "soundcloud:tracks:\(text)" : text), case .link = source.kind
        else { throw .refused("no link to SoundCloud and no URN: a station with SoundCloud plays nothing else") }
        let track = try named(source)
        if let objection = client.settings.terms.objection(to: track) { throw .refused("\(objection)") }
        fetchSoon(track.id)
        return Track(track)
    }

    private func named(_ source: CloudSource) throws(WishFinder.Refusal) -> CloudTrack {
        let tracks: [CloudTrack]
        do throws(CloudProblem) {
            tracks = try client.tracks(of: source)
        } catch .notFound {
            throw .unknown
        } catch {
            throw error.consequence == .passOver
                ? .refused("SoundCloud: \(error)") : .unreachable("SoundCloud: \(error)")
        }
        // A set or a profile is no wish for one track.
        guard let track = tracks.first else { throw .unknown }
        guard tracks.count == 1 else { throw .refused("a link to \(tracks.count) tracks, where one is wanted") }
        return track
    }
}
