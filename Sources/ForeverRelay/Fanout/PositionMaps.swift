/// From its `sent`th byte of sound on, a connection carried the stream from `position`.
public struct PositionSegment: Hashable, Sendable {
    public var sent: Int64
    public var position: StreamPosition
    public var epoch: Epoch

    public init(sent: Int64, position: StreamPosition, epoch: Epoch) {
        self.sent = sent
        self.position = position
        self.epoch = epoch
    }
}

/// Where the sound of the connections comes from that gave themselves a name.
///
/// Bounded: so many names, so many segments each; a closed connection's map is kept for some minutes, since a page
/// goes on playing what it has buffered. When all places are taken by open connections, further names are not kept.
/// **Thread:** the loop's. **Cost:** nothing for nameless connections; a segment is added only at a start or a skip.
public final class PositionMaps {
    public static let mapsMax = 16_384
    public static let segmentsMax = 32
    public static let keepNanoseconds: Int64 = 180_000_000_000

    /// What is known of one name.
    public enum Answer: Hashable, Sendable {
        case segments([PositionSegment])
        /// it was sent to this relay
        case at(String)
    }

    private struct Map {
        var name: ListenerName
        var answer: Answer
        /// when it may be forgotten; nil while the connection is open
        var expiresNanoseconds: Int64?
    }

    private var maps: [Int32: Map] = [:]
    private var keys: [ListenerName: Int32] = [:]
    private var nextKey: Int32 = 0
    /// closed maps in the order of their closing
    private var closed: [(key: Int32, expiresNanoseconds: Int64)] = []

    public init() {}

    public var count: Int { maps.count }

    /// Begins a map; -1 when there is no place.
    func open(_ name: ListenerName, _ segment: PositionSegment, now: Int64) -> Int32 {
        add(Map(name: name, answer: .segments([segment]), expiresNanoseconds: nil), now: now)
    }

    /// Remembers that a listener was sent to a relay.
    public func redirect(_ name: ListenerName, to url: String, now: Int64) {
        let key = add(Map(name: name, answer: .at(url), expiresNanoseconds: nil), now: now)
        close(key, now: now)
    }

    /// Adds a segment; of very many the oldest are forgotten.
    func append(_ segment: PositionSegment, to key: Int32) {
        guard let map = maps[key], case .segments(var segments) = map.answer else { return }
        if segments.last?.sent == segment.sent { segments.removeLast() }
        segments.append(segment)
        if segments.count > Self.segmentsMax { segments.removeFirst(segments.count - Self.segmentsMax) }
        maps[key]?.answer = .segments(segments)
    }

    /// Lets a map be forgotten after a while.
    func close(_ key: Int32, now: Int64) {
        guard maps[key] != nil else { return }
        maps[key]?.expiresNanoseconds = now + Self.keepNanoseconds
        closed.append((key, now + Self.keepNanoseconds))
    }

    /// What is known of a name; nil when nothing is.
    public func answer(_ name: ListenerName, now: Int64) -> Answer? {
        expire(now: now)
        return keys[name].flatMap { maps[$0]?.answer }
    }

    private func add(_ map: Map, now: Int64) -> Int32 {
        expire(now: now)
        if let old = keys[map.name] { maps[old] = nil }
        if maps.count >= Self.mapsMax, !forgetOldestClosed() {
            keys[map.name] = nil
            return -1
        }
        nextKey = nextKey == .max ? 0 : nextKey + 1
        maps[nextKey] = map
        keys[map.name] = nextKey
        return nextKey
    }

    private func expire(now: Int64) {
        while let first = closed.first, first.expiresNanoseconds <= now { _ = forgetOldestClosed() }
    }

    private func forgetOldestClosed() -> Bool {
        guard let first = closed.first else { return false }
        closed.removeFirst()
        if let map = maps.removeValue(forKey: first.key), keys[map.name] == first.key { keys[map.name] = nil }
        return true
    }
}
