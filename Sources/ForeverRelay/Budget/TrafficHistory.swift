/// What one server did in one hour, or in a part of it.
public struct TrafficHour: Hashable, Sendable {
    /// A relay's id, or `root`.
    public var server: String
    /// since 1970
    public var hour: Int64
    /// each listener's time, added up
    public var listenerSeconds: Int64
    /// most listeners at once
    public var listenersPeak: Int
    public var totals: TrafficTotals

    public init(server: String, hour: Int64, listenerSeconds: Int64, listenersPeak: Int, totals: TrafficTotals) {
        self.server = server
        self.hour = hour
        self.listenerSeconds = listenerSeconds
        self.listenersPeak = listenersPeak
        self.totals = totals
    }
}

/// Listeners and bytes by hour: of each server since they were last taken to be stored, and of all together for the last day.
/// Pure.
public struct TrafficHistory: Hashable, Sendable {
    /// Hours of which the sums are shown.
    public static let hoursMax = 24
    /// Servers and hours that wait to be stored; beyond it new ones are lost.
    static let waitingMax = 4_096
    public static let root = "root"

    /// all servers together, the oldest hour first; `server` is empty
    public private(set) var sums: [TrafficHour] = []
    private var waiting: [Key: TrafficHour] = [:]

    private struct Key: Hashable {
        var hour: Int64
        var server: String
    }

    public init() {}

    /// Adds what a server did lately.
    public mutating func add(_ more: TrafficHour) {
        let key = Key(hour: more.hour, server: more.server)
        if waiting[key]?.add(more) == nil, waiting.count < Self.waitingMax { waiting[key] = more }
        addToSums(more)
    }

    /// Notes how many listen everywhere now.
    public mutating func note(listeners: Int, hour: Int64) {
        addToSums(
            TrafficHour(
                server: "", hour: hour, listenerSeconds: 0, listenersPeak: listeners, totals: TrafficTotals()))
    }

    /// What came since this was asked last.
    public mutating func take() -> [TrafficHour] {
        defer { waiting = [:] }
        return waiting.values.sorted { ($0.hour, $0.server) < ($1.hour, $1.server) }
    }

    /// Takes up what was stored before a restart. The peaks of several servers need not have come together: the largest
    /// one is the least there must have been.
    public mutating func restore(_ hours: [TrafficHour]) {
        for hour in hours { addToSums(hour) }
    }

    private mutating func addToSums(_ more: TrafficHour) {
        if let index = sums.lastIndex(where: { $0.hour == more.hour }) {
            sums[index].add(more)
            return
        }
        var sum = more
        sum.server = ""
        sums.insert(sum, at: sums.firstIndex { $0.hour > more.hour } ?? sums.count)
        if sums.count > Self.hoursMax { sums.removeFirst() }
    }

    package var json: JSONValue {
        .array(
            sums.map { sum in
                [
                    "startMilliseconds": .integer(sum.hour * WeekRates.millisecondsPerHour),
                    "listenerHours": .rounded(Double(sum.listenerSeconds) / 3_600),
                    "listenersPeak": .count(sum.listenersPeak), "sentBytes": .integer(sum.totals.sentBytes),
                    "receivedBytes": .integer(sum.totals.receivedBytes),
                ]
            })
    }
}

extension TrafficHour {
    fileprivate mutating func add(_ more: TrafficHour) {
        listenerSeconds += more.listenerSeconds
        listenersPeak = max(listenersPeak, more.listenersPeak)
        totals += more.totals
    }
}
