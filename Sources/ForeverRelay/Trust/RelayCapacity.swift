/// How many listeners a relay is trusted with, by what the root has seen of it. Pure: time is handed in.
///
/// What a relay says of its own room is a wish. It begins with few, and gets more as it carries them: as it says, but no
/// more than the root has sent there, or may have come by themselves since the root knows it.
public struct RelayCapacity: Hashable, Sendable {
    /// No relay gets more, whatever it and the operator say: twice what one loop carries.
    public static let listenersMax = 20_000
    /// What one may have that has not carried anybody yet.
    public static let firstListeners = 50
    /// So many times what it has carried lately may be added.
    public static let growth = 2
    /// How long it counts that a relay has carried many. **Units:** ns.
    public static let latelyNanoseconds: Int64 = 600_000_000_000
    /// Whoever was sent there so long ago is believed to be in its report. **Units:** ns.
    public static let arrivingNanoseconds: Int64 = 60_000_000_000

    private let sinceNanoseconds: Int64
    /// sent there since it is known
    private var sent = 0
    /// sent there lately, in this span of time and the one before
    private var arriving = Recent(spanNanoseconds: arrivingNanoseconds)
    private var carried = Recent(spanNanoseconds: latelyNanoseconds)

    public init(now: Int64) { sinceNanoseconds = now }

    /// A listener was sent there.
    public mutating func assigned(now: Int64) {
        sent += 1
        arriving.add(1, now: now)
    }

    /// It reports so many connections.
    public mutating func reported(connections: Int, now: Int64) {
        let minutes = Int((now - sinceNanoseconds) / 60_000_000_000)
        let seen = sent + Self.firstListeners * min(minutes, Self.listenersMax / Self.firstListeners)
        carried.raise(to: min(connections, seen), now: now)
    }

    /// How many it may have now, by itself, the operator and what it has shown.
    public func listenersMax(claimed: Int?, granted: Int?, now: Int64) -> Int {
        min(
            claimed ?? .max, granted ?? .max, Self.listenersMax,
            Self.firstListeners + Self.growth * carried.most(now: now))
    }

    /// How many it has at least, whatever it says: those sent there a moment ago are there or on their way.
    public func arrivingLately(now: Int64) -> Int { arriving.sum(now: now) }

    /// Numbers of two spans of time, the present and the one before.
    private struct Recent: Hashable, Sendable {
        let spanNanoseconds: Int64
        private var begin: Int64 = .min
        private var present = 0
        private var before = 0

        init(spanNanoseconds: Int64) { self.spanNanoseconds = spanNanoseconds }

        mutating func add(_ count: Int, now: Int64) {
            turn(now)
            present += count
        }

        mutating func raise(to value: Int, now: Int64) {
            turn(now)
            present = max(present, value)
        }

        private mutating func turn(_ now: Int64) {
            guard begin == .min || now - begin >= spanNanoseconds else { return }
            before = begin != .min && now - begin < 2 * spanNanoseconds ? present : 0
            present = 0
            begin = now
        }

        func sum(now: Int64) -> Int { values(now).present + values(now).before }
        func most(now: Int64) -> Int { max(values(now).present, values(now).before) }

        private func values(_ now: Int64) -> (present: Int, before: Int) {
            guard begin != .min, now - begin < 2 * spanNanoseconds else { return (0, 0) }
            return now - begin < spanNanoseconds ? (present, before) : (0, present)
        }
    }
}
