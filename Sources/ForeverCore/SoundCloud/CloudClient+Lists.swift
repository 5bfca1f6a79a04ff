import Foundation

/// Lists of tracks, page after page.
extension CloudClient {
    /// The tracks of a source, in SoundCloud's order, each once. Whether they may play is not looked at here.
    ///
    /// **Errors:** what went wrong on the first page; later pages that fail only shorten the list.
    public func tracks(of source: CloudSource) throws(CloudProblem) -> [CloudTrack] {
        try list(from: try address(of: source))
    }

    /// Tracks like this one, as SoundCloud sees it.
    public func related(to urn: CloudURN) throws(CloudProblem) -> [CloudTrack] {
        try list(from: settings.addresses.api("/tracks/\(urn)/related", CloudClient.listFields))
    }

    private static let listFields = [
        ("access", "playable"), ("limit", "\(CloudLimits.pageTracks)"), ("linked_partitioning", "true"),
    ]

    private func address(of source: CloudSource) throws(CloudProblem) -> URL {
        let addresses = settings.addresses
        func below(_ urn: CloudURN, _ kind: CloudURN.Kind, _ rest: String) throws(CloudProblem) -> URL {
            guard urn.kind == kind else { throw .malformed("\(source) is none of \(kind.rawValue)") }
            return addresses.api("/\(kind.rawValue)/\(urn)/\(rest)", CloudClient.listFields)
        }
        switch source.kind {
        case .link(let link):
            let urn = try resolve(link)
            switch urn.kind {
            case .playlists: return try below(urn, .playlists, "tracks")
            case .users: return try below(urn, .users, "tracks")
            case .stations: return addresses.api("/system-playlists/\(urn)")
            case .tracks: return addresses.api("/tracks", [("urns", "\(urn)")] + CloudClient.listFields)
            }
        case .likes(let link): return try below(try resolve(link), .users, "likes/tracks")
        case .reposts(let link): return try below(try resolve(link), .users, "reposts/tracks")
        case .related(let link): return try below(try resolve(link), .tracks, "related")
        case .station(let link):
            let urn = try resolve(link)
            switch urn.kind {
            case .stations: return addresses.api("/system-playlists/\(urn)")
            case .tracks:
                guard let station = try track(urn).station else { throw .notFound }
                return addresses.api("/system-playlists/\(station)")
            case .users, .playlists: throw .malformed("\(source) is no track and no station")
            }
        case .genre(let name): return search([("genres", name)])
        case .tags(let names):
            let list = names.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            return search([("tags", list.joined(separator: ","))])
        case .search(let words): return search([("q", words)])
        }
    }

    /// A search over what came lately. There is no order to ask for; the score makes one.
    private func search(_ fields: [(String, String)]) -> URL {
        let from = clock.wallSeconds - settings.searchDays * 86_400
        // Whole hours, so that the same question within one is the same address.
        let hour = (from / 3_600).rounded(.down) * 3_600
        let range = [
            ("created_at[from]", CloudTime.search(hour)),
            ("duration[from]", "\(Int(settings.terms.lengthSeconds.lowerBound * 1000))"),
            ("duration[to]", "\(Int(settings.terms.lengthSeconds.upperBound * 1000))"),
        ]
        return settings.addresses.api("/tracks", fields + range + CloudClient.listFields)
    }

    private func list(from first: URL) throws(CloudProblem) -> [CloudTrack] {
        var trail = PageTrail(from: first, addresses: settings.addresses)
        var next = trail.took(try answer(first))
        while let url = next {
            do throws(CloudProblem) {
                next = trail.took(try answer(url))
            } catch {
                // What is here is worth more than what is not; the next refresh asks again.
                next = nil
            }
        }
        return trail.tracks
    }
}
