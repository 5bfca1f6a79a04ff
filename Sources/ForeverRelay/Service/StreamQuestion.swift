import ForeverHTTP

/// What somebody asks of the stream, and what they get: the rules of positions as one pure function.
enum StreamQuestion {
    /// Where a reply begins, or why there is none.
    enum Start: Hashable {
        case at(StreamPosition)
        /// 409: the epoch is another, or the position is beyond what is mixed
        case conflict
    }

    /// The first byte for a relay with credentials.
    ///
    /// No position: where a listener would begin. Too old: the oldest frame. Wrong epoch or future: conflict.
    static func relayStart(
        epoch: String?, position: String?, current: Epoch, oldest: StreamPosition, edge: StreamPosition,
        join: StreamPosition
    ) -> Start {
        if let epoch, Epoch(epoch) != current { return .conflict }
        guard let position else { return .at(join) }
        guard let wanted = StreamPosition(position), wanted >= 0, wanted <= edge else { return .conflict }
        return .at(max(wanted, oldest))
    }

    /// Whether the asker wants titles in the stream.
    static func wantsMetadata(_ request: Request) -> Bool {
        request.headers["Icy-MetaData"].map { $0.filter { $0 != " " } == "1" } ?? false
    }
}
