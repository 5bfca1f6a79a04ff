/// What is to be looked at again, and when: changes come in bursts, and a file that is being copied changes until it
/// is whole. Pure; times are handed in. **Units:** s.
public struct LibraryChanges: Sendable {
    /// How long nothing may happen to a path before it is looked at.
    public static let quietSeconds = 0.5
    /// How long a path may go on changing before it is looked at all the same.
    public static let patienceSeconds = 30.0
    /// How old a file's last change must be: whoever writes a file slowly says nothing between.
    public static let settledSeconds = 2.0

    /// What to do next.
    public enum Work: Hashable, Sendable {
        /// Everything.
        case everything
        /// These paths, whatever stands there now: a file, a folder, nothing.
        case paths([String])
        /// Nothing before then.
        case wait(seconds: Double)
    }

    private struct Pending {
        var first: Double
        var last: Double
    }

    private var pending: [String: Pending] = [:]
    private var wantsEverything: Pending?
    private var nextRound: Double?
    /// How often everything is looked at without being asked; nil: never.
    private var roundSeconds: Double?

    public init() {}

    /// From now on everything is looked at that often; nil: only when something is said to have changed.
    public mutating func lookThrough(every seconds: Double?, now: Double) {
        guard roundSeconds != seconds else { return }
        roundSeconds = seconds
        nextRound = seconds.map { now + $0 }
    }

    /// Something at `path` has changed.
    public mutating func note(_ path: String, now: Double) {
        if pending.count >= CoreLimits.pendingChangesMax, pending[path] == nil { return noteAll(now: now) }
        pending[path, default: Pending(first: now, last: now)].last = now
    }

    /// Anything may have changed.
    public mutating func noteAll(now: Double) {
        pending.removeAll()
        wantsEverything = Pending(first: wantsEverything?.first ?? now, last: now)
    }

    /// What is due, which is then no longer pending.
    public mutating func take(now: Double) -> Work {
        func due(_ pending: Pending) -> Double {
            min(pending.last + LibraryChanges.quietSeconds, pending.first + LibraryChanges.patienceSeconds)
        }
        if let all = wantsEverything, due(all) <= now { return everything(now) }
        if let nextRound, nextRound <= now { return everything(now) }
        if wantsEverything == nil {
            let ready = pending.filter { due($0.value) <= now }.keys.sorted()
            if !ready.isEmpty {
                for path in ready { pending[path] = nil }
                return .paths(LibraryChanges.withoutInner(ready))
            }
        }
        let next = [wantsEverything.map(due), nextRound, pending.values.map(due).min()].compactMap { $0 }.min()
        return .wait(seconds: next.map { max(0, $0 - now) } ?? .infinity)
    }

    private mutating func everything(_ now: Double) -> Work {
        pending.removeAll()
        wantsEverything = nil
        nextRound = roundSeconds.map { now + $0 }
        return .everything
    }

    /// A folder that is looked at covers what lies in it.
    private static func withoutInner(_ sorted: [String]) -> [String] {
        let all = Set(sorted)
        return sorted.filter { path in
            var end = path.endIndex
            while let slash = path[..<end].lastIndex(of: "/"), slash != path.startIndex {
                if all.contains(String(path[..<slash])) { return false }
                end = slash
            }
            return true
        }
    }
}
