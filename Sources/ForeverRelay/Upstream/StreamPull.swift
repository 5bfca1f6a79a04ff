import ForeverHTTP

/// One asking of one source for the stream, from the request to its end. **Thread:** the loop's.
final class StreamPull {
    let source: PullSource
    /// where it is asked, which is elsewhere after a redirect
    let address: HTTPAddress
    let redirects: Int
    /// asked without a position
    let isFresh: Bool
    let sinceNanoseconds: Int64
    var request: ClientRequest?
    /// what the head said, and when, until the first byte
    var place: (place: StreamReply.Place, heard: Instant)?
    /// the position of the next byte that comes; nil before the head
    var arriving: StreamPosition?
    var lastByteNanoseconds: Int64
    /// bytes of sound that came, known or not
    var receivedBytes: Int64 = 0
    /// bytes it added to the ring
    var soundBytes: Int64 = 0
    /// the relays between the root and us, the source last
    var path: [String] = []
    /// its source has been told silent
    var isNoted = false
    /// nothing of it counts any more
    var isOver = false

    init(
        _ source: PullSource, address: HTTPAddress? = nil, redirects: Int = 0, isFresh: Bool = false, now: Int64
    ) {
        self.source = source
        self.address = address ?? source.address
        self.redirects = redirects
        self.isFresh = isFresh
        sinceNanoseconds = now
        lastByteNanoseconds = now
    }
}
