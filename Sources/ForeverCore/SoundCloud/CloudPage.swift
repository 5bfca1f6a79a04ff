import Foundation

/// One page of a list of tracks.
package struct CloudPage: Decodable {
    package var tracks: [CloudTrack]
    /// How many elements there were, readable or not.
    package var elementCount: Int
    package var next: String?

    /// `{collection, next_href}`, a bare list, or something that holds its tracks (a set, a station).
    package init(from decoder: any Decoder) throws {
        if let bare = try? decoder.singleValueContainer().decode([Readable<CloudTrack>].self) {
            tracks = bare.compactMap(\.value)
            elementCount = bare.count
            return
        }
        let fields = try CloudFields(decoder)
        guard let listed: [Readable<CloudTrack>] = fields.value("collection") ?? fields.value("tracks") else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "no list"))
        }
        tracks = listed.compactMap(\.value)
        elementCount = listed.count
        next = fields.text("next_href")
    }
}

/// Follows a list from page to page, and knows when to stop: links have led to foreign hosts and in circles. Pure.
package struct PageTrail {
    private let addresses: CloudAddresses
    private var visited: Set<String>
    private var seen: Set<CloudURN> = []
    package private(set) var tracks: [CloudTrack] = []
    /// Why the list ended before its end, where it did.
    package private(set) var objection: String?

    package init(from first: URL, addresses: CloudAddresses) {
        self.addresses = addresses
        visited = [first.absoluteString]
    }

    /// Takes a page; gives the address of the next one, or nil at the end.
    package mutating func took(_ page: CloudPage) -> URL? {
        let before = tracks.count
        for track in page.tracks where seen.insert(track.id).inserted { tracks.append(track) }
        if tracks.count >= CloudLimits.tracksPerSourceMax {
            tracks.removeLast(tracks.count - CloudLimits.tracksPerSourceMax)
            return nil
        }
        guard let next = page.next, page.elementCount > 0 else { return nil }
        guard let url = URL(string: next), addresses.isAPI(url) else {
            objection = "the next page is said to be at another host"
            return nil
        }
        guard visited.insert(url.absoluteString).inserted else {
            objection = "the next page is one that was read"
            return nil
        }
        guard tracks.count > before else {
            objection = "a page brought nothing new"
            return nil
        }
        guard visited.count <= CloudLimits.pagesMax else { return nil }
        return url
    }
}
