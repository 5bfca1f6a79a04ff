import Synchronization

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
/// **Thread:** any; fan-outs on several loops share it. **Cost:** nothing for nameless connections; the lock is taken
/// only when a named one comes, goes or skips, and by who asks.
public final class PositionMaps: Sendable {
    public static let mapsMax = 16_384
    public static let segmentsMax = 32
    public static let keepNanoseconds: Int64 = 180_000_000_000

    /// What is known of one name.
    public enum Answer: Hashable, Sendable {
        case segments([PositionSegment])
        /// it was sent to this relay
        case at(String)
    }

    private let places = Mutex(Places())

    public init() {}

    public var count: Int { places.withLock { $0.maps.count } }

    /// Begins a map; -1 when there is no place.
    func open(_ name: ListenerName, _ segment: PositionSegment, now: Int64) -> Int32 {
        places.withLock { $0.add(name, .segments([segment]), now: now) }
    }

    /// Remembers that a listener was sent to a relay.
    public func redirect(_ name: ListenerName, to url: String, now: Int64) {
        places.withLock { $0.close($0.add(name, .at(url), now: now), now: now) }
    }

    /// Adds a segment; of very many the oldest are forgotten.
    func append(_ segment: PositionSegment, to key: Int32) { places.withLock { $0.append(segment, to: key) } }

    /// Lets a map be forgotten after a while.
    func close(_ key: Int32, now: Int64) { places.withLock { $0.close(key, now: now) } }

    /// What is known of a name; nil when nothing is.
    public func answer(_ name: ListenerName, now: Int64) -> Answer? { places.withLock { $0.answer(name, now: now) } }
}

extension PositionMaps {
    private struct Map {
        var name: ListenerName
        var answer: Answer
        /// when it may be forgotten; nil while the connection is open
        var expiresNanoseconds: Int64?
    }

    private struct Places {
        var maps: [Int32: Map] = [:]
        private var keys: [ListenerName: Int32] = [:]
        private var nextKey: Int32 = 0
        /// closed maps in the order of their closing
        private var closed: [(key: Int32, expiresNanoseconds: Int64)] = []

        mutating func add(_ name: ListenerName, _ answer: Answer, now: Int64) -> Int32 {
            expire(now: now)
            if let old = keys[name] { maps[old] = nil }
            if maps.count >= mapsMax, !forgetOldestClosed() {
                keys[name] = nil
                return -1
            }
            nextKey = nextKey == .max ? 0 : nextKey + 1
            maps[nextKey] = Map(name: name, answer: answer, expiresNanoseconds: nil)
            keys[name] = nextKey
            return nextKey
        }

        mutating func append(_ segment: PositionSegment, to key: Int32) {
            guard let map = maps[key], case .segments(var segments) = map.answer else { return }
            if segments.last?.sent == segment.sent { segments.removeLast() }
            segments.append(segment)
            if segments.count > segmentsMax { segments.removeFirst(segments.count - segmentsMax) }
            maps[key]?.answer = .segments(segments)
        }

        mutating func close(_ key: Int32, now: Int64) {
            guard maps[key] != nil else { return }
            maps[key]?.expiresNanoseconds = now + keepNanoseconds
            closed.append((key, now + keepNanoseconds))
        }

        mutating func answer(_ name: ListenerName, now: Int64) -> Answer? {
            expire(now: now)
            return keys[name].flatMap { maps[$0]?.answer }
        }

        private mutating func expire(now: Int64) {
            while let first = closed.first, first.expiresNanoseconds <= now { _ = forgetOldestClosed() }
        }

        private mutating func forgetOldestClosed() -> Bool {
            guard let first = closed.first else { return false }
            closed.removeFirst()
            if let map = maps.removeValue(forKey: first.key), keys[map.name] == first.key { keys[map.name] = nil }
            return true
        }
    }
}
