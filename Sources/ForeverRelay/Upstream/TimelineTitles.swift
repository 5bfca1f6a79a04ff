/// What a relay takes out of the root's timeline: titles for players, and the part that plays now. Pure.
enum TimelineTitles {
    /// The timeline's titles with their positions, and the epoch they belong to; nil when it is no timeline.
    static func read(_ timeline: JSONValue) -> (epoch: Epoch, titles: [StreamTitle])? {
        guard let epoch = timeline["epoch"]?.string.flatMap({ Epoch($0) }), let tracks = timeline["tracks"]?.array
        else { return nil }
        let titles = tracks.compactMap { track -> StreamTitle? in
            guard let position = track["titlePosition"]?.integer, let title = track["title"]?.string else { return nil }
            let artist = track["artist"]?.string ?? ""
            return StreamTitle(position: position, text: artist.isEmpty ? title : "\(artist) - \(title)")
        }
        return (epoch, titles)
    }

    /// How far the stream was mixed when the timeline was written; nil when it does not say.
    static func edge(_ timeline: JSONValue) -> (epoch: Epoch, position: StreamPosition)? {
        guard let epoch = timeline["epoch"]?.string.flatMap({ Epoch($0) }),
            let position = timeline["mixingEdgePosition"]?.integer
        else { return nil }
        return (epoch, position)
    }

    /// The timeline with only the track that is heard at `position`.
    static func only(at position: StreamPosition, of timeline: JSONValue) -> JSONValue {
        guard case .object(let members) = timeline, let tracks = timeline["tracks"]?.array else { return timeline }
        let current = tracks.last { ($0["titlePosition"]?.integer ?? .max) <= position }
        return .object(
            members.map { member in
                switch member.name {
                case "tracks": JSONMember(name: "tracks", value: .array(current.map { [$0] } ?? []))
                case "transitions": JSONMember(name: "transitions", value: .array([]))
                default: member
                }
            })
    }
}
