import ForeverHTTP

/// What a root knows of one relay by itself or by its operator, beside what the relay says. Pure.
public struct RelayTrust: Hashable, Sendable {
    /// Whether listeners reach it and hear the station there.
    public internal(set) var standing: RelayStanding
    /// The most listeners that it may have; nil for as many as come.
    public private(set) var listenersMax: Int?
    /// Listeners that it has or will have at least, whatever it says.
    public private(set) var arriving = 0
    /// Where its reports come from.
    public private(set) var reportedFrom: IPAddress?
    /// Listeners sent there since its sound was compared last.
    package internal(set) var assignedSinceSample = 0
    /// Nil where relays are not inspected: then their word counts.
    private var capacity: RelayCapacity?

    init(isInspected: Bool, now: Int64) {
        standing = isInspected ? .unproven : .good
        capacity = isInspected ? RelayCapacity(now: now) : nil
    }

    /// A report has come. `granted` is what the operator lets it have.
    mutating func reported(_ report: RelayReport, from peer: IPAddress?, granted: Int?, now: Int64) {
        reportedFrom = peer
        guard capacity != nil else {
            listenersMax = [report.listenerLimit, granted].compactMap { $0 }.min()
            return
        }
        capacity?.reported(connections: report.connections, now: now)
        listenersMax = capacity?.listenersMax(claimed: report.listenerLimit, granted: granted, now: now)
        arriving = capacity?.arrivingLately(now: now) ?? 0
    }

    /// A listener was sent there.
    mutating func assigned(now: Int64) {
        assignedSinceSample += 1
        capacity?.assigned(now: now)
    }
}
