import ForeverCore

/// Reading the lists, and filling the pool from them.
extension SoundCloudCrate {
    /// A list that failed is read again after that; what is wrong with it keeps no other waiting. **Units:** s.
    static let listRetrySeconds = 60.0

    func refresh(_ source: CloudSource, nowSeconds: Double) {
        do throws(CloudProblem) {
            lists.tracks[source] = try client.tracks(of: source)
            succeeded(play: false)
            lists.dueSeconds[source] = nowSeconds + settings.refreshSeconds
            fillPool(nowSeconds: nowSeconds)
        } catch {
            failed(error, nowSeconds: nowSeconds)
            let isPassedOver = error.consequence == .passOver
            lists.dueSeconds[source] =
                nowSeconds + (isPassedOver ? settings.refreshSeconds : SoundCloudCrate.listRetrySeconds)
            if isPassedOver { sayOnce("SoundCloud: passed over: \(source): \(error)") }
        }
    }

    private func fillPool(nowSeconds: Double) {
        let sources = client.settings.sources
        let known = sources.compactMap { source in lists.tracks[source].map { (source: source, tracks: $0) } }
        pool.replace(with: known + [lists.likeTheLast].compactMap { $0 }, nowSeconds: nowSeconds)
        guard lists.unread(of: sources) == nil else { return }
        let left = pool.leftOut.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) \($0.key)" }
        sayOnce(
            "SoundCloud: \(pool.count) tracks may play"
                + (left.isEmpty ? "" : "; left out: \(left.joined(separator: ", "))"))
    }

    /// Widens a small pool by tracks like the one fetched last.
    func widen(from urn: CloudURN, nowSeconds: Double) {
        guard pool.count < settings.poolMin, lists.likeTheLastDueSeconds <= nowSeconds,
            let source = try? CloudSource("related: \(urn)")
        else { return }
        lists.likeTheLastDueSeconds = nowSeconds + settings.refreshSeconds
        do throws(CloudProblem) {
            lists.likeTheLast = (source, try client.related(to: urn))
            fillPool(nowSeconds: nowSeconds)
        } catch {
            failed(error, nowSeconds: nowSeconds)
        }
    }
}

/// The lists as they were read last, and when they are to be read again. **Units:** s since 1970.
struct CloudLists {
    var tracks: [CloudSource: [CloudTrack]] = [:]
    var dueSeconds: [CloudSource: Double] = [:]
    var likeTheLast: (source: CloudSource, tracks: [CloudTrack])?
    var likeTheLastDueSeconds = 0.0

    /// The first that nobody has tried to read.
    func unread(of sources: [CloudSource]) -> CloudSource? { sources.first { dueSeconds[$0] == nil } }

    /// The one that has waited longest.
    func due(of sources: [CloudSource], nowSeconds: Double) -> CloudSource? {
        let waiting = sources.compactMap { source in dueSeconds[source].map { (source: source, due: $0) } }
        return waiting.filter { $0.due <= nowSeconds }.min { $0.due < $1.due }?.source
    }

    mutating func forgetTimes(nowSeconds: Double, refreshSeconds: Double) {
        dueSeconds = dueSeconds.mapValues { min($0, nowSeconds + refreshSeconds) }
        likeTheLastDueSeconds = min(likeTheLastDueSeconds, nowSeconds + refreshSeconds)
    }
}
