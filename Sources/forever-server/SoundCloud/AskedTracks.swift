import ForeverCore
import Synchronization

/// Tracks of SoundCloud that somebody asked for by name: fetched before all others, and kept at hand until they are
/// decided upon. **Thread:** any.
final class AskedTracks: Sendable {
    private struct Asked {
        var urn: CloudURN
        var sinceSeconds: Double
        /// Not to be tried before. **Units:** s since 1970.
        var notBeforeSeconds = 0.0
        var failures = 0
        /// The entry of the mix that was its last when it was asked for; a later one is what was asked for.
        var afterIndex: Int?
    }

    /// Tracks asked for at once.
    static let askedMax = 32
    /// How long one is asked for and kept. **Units:** s.
    static let patienceSeconds = 3_600.0
    /// Before it is tried again, doubled each time. **Units:** s.
    static let retrySeconds = 5.0...300.0

    private let asked = Mutex<[Asked]>([])

    /// False when too many are asked for. One that is asked for already is not tried sooner for it.
    func ask(_ urn: CloudURN, after index: Int?, nowSeconds: Double) -> Bool {
        asked.withLock { asked in
            if let known = asked.firstIndex(where: { $0.urn == urn }) {
                asked[known].afterIndex = index
                return true
            }
            guard asked.count < AskedTracks.askedMax else { return false }
            asked.append(Asked(urn: urn, sinceSeconds: nowSeconds, afterIndex: index))
            return true
        }
    }

    /// The next to fetch. **Returns** nil where all are at hand or must wait.
    func next(besides atHand: Set<CloudURN>, nowSeconds: Double) -> CloudURN? {
        asked.withLock { asked in
            asked.first { !atHand.contains($0.urn) && $0.notBeforeSeconds <= nowSeconds }?.urn
        }
    }

    var urns: Set<CloudURN> { asked.withLock { Set($0.map(\.urn)) } }

    /// It did not come: tried again a little later.
    func failed(_ urn: CloudURN, nowSeconds: Double) {
        asked.withLock { asked in
            guard let index = asked.firstIndex(where: { $0.urn == urn }) else { return }
            var wait = AskedTracks.retrySeconds.lowerBound
            for _ in 0..<asked[index].failures where wait < AskedTracks.retrySeconds.upperBound { wait *= 2 }
            asked[index].failures += 1
            asked[index].notBeforeSeconds = nowSeconds + min(wait, AskedTracks.retrySeconds.upperBound)
        }
    }

    /// It will not come, or is not wanted any more. **Returns** whether it was asked for.
    @discardableResult
    func forget(_ urn: CloudURN) -> Bool {
        asked.withLock { asked in
            let count = asked.count
            asked.removeAll { $0.urn == urn }
            return asked.count < count
        }
    }

    /// It stands in the mix.
    func decided(_ urn: CloudURN, index: Int) {
        asked.withLock { $0.removeAll { $0.urn == urn && index > $0.afterIndex ?? -1 } }
    }

    /// Forgets those that were asked for too long ago. **Returns** those that never came.
    func lapse(atHand: Set<CloudURN>, nowSeconds: Double) -> [CloudURN] {
        asked.withLock { asked in
            let over = asked.filter { nowSeconds - $0.sinceSeconds >= AskedTracks.patienceSeconds }
            guard !over.isEmpty else { return [] }
            asked.removeAll { nowSeconds - $0.sinceSeconds >= AskedTracks.patienceSeconds }
            return over.map(\.urn).filter { !atHand.contains($0) }
        }
    }

    /// The clock was put back.
    func forgetTimes(nowSeconds: Double) {
        asked.withLock { asked in
            for index in asked.indices {
                asked[index].sinceSeconds = min(asked[index].sinceSeconds, nowSeconds)
                asked[index].notBeforeSeconds = 0
            }
        }
    }
}
