/// Where the root itself stands, to judge where a relay should be.
public struct RootStanding: Hashable, Sendable {
    public var epoch: Epoch
    public var live: StreamPosition
    public var format: StreamFormat

    public init(epoch: Epoch, live: StreamPosition, format: StreamFormat) {
        self.epoch = epoch
        self.live = live
        self.format = format
    }

    init(_ feed: StreamFeed) { self.init(epoch: feed.epoch, live: feed.live, format: feed.format) }
}

/// What the root knows of one relay.
public struct RelayRecord: Hashable, Sendable {
    /// A relay that says nothing for so long gets no more listeners, and its own are not counted.
    public static let silenceNanosecondsMax: Int64 = 10_000_000_000
    /// One whose live edge is further from the root's gets no more listeners.
    public static let behindSecondsMax = 10.0
    /// So long a relay may play out the epoch before, which its lead and its source's take.
    public static let otherEpochNanosecondsMax: Int64 = 120_000_000_000

    public private(set) var report: RelayReport
    /// absolute, without a path
    public private(set) var url: String
    public private(set) var lastReportNanoseconds: Int64
    /// what the root has found out by itself
    public internal(set) var trust: RelayTrust
    /// listeners on their way there
    package var reservations = Reservations()
    /// its live edge was too far from the root's at its last report
    public private(set) var isBehind = false
    /// since when it has reported another epoch than the root's
    private var otherEpochNanoseconds: Int64?

    public init(report: RelayReport, url: String, now: Int64, root: RootStanding? = nil) {
        self.report = report
        self.url = url
        lastReportNanoseconds = now
        trust = RelayTrust(isInspected: false, now: now)
        trust.reported(report, from: nil, granted: nil, now: now)
        judge(root, now)
    }

    /// Takes a further report.
    mutating func take(_ report: RelayReport, url: String, now: Int64, root: RootStanding?) {
        self.report = report
        self.url = url
        lastReportNanoseconds = now
        reservations.reported(now: now)
        judge(root, now)
    }

    private mutating func judge(_ root: RootStanding?, _ now: Int64) {
        isBehind = false
        // Asleep it stands still, and wakes at the root's live edge.
        guard let root, let epoch = report.epoch, !report.isAsleep else {
            otherEpochNanoseconds = nil
            return
        }
        if epoch == root.epoch.description {
            otherEpochNanoseconds = nil
            isBehind = abs(report.livePosition - root.live) > root.format.bytes(seconds: Self.behindSecondsMax)
        } else {
            let since = otherEpochNanoseconds ?? now
            otherEpochNanoseconds = since
            isBehind = now - since > Self.otherEpochNanosecondsMax
        }
    }

    /// Whether it spoke lately.
    public func isHeard(now: Int64) -> Bool { now - lastReportNanoseconds <= Self.silenceNanosecondsMax }

    /// Whether it may get listeners, room or not.
    public func isHealthy(now: Int64) -> Bool {
        isHeard(now: now) && report.isHealthy && !report.isDraining && !isBehind && trust.standing.allowsListeners
            && report.budget?.state ?? .open == .open
    }

    /// How much of its room is free, 0...1; 1 when it has no limit.
    public var freeShare: Double {
        guard let limit = trust.listenersMax else { return 1 }
        return limit > 0 ? Double(freeSlots) / Double(limit) : 0
    }

    /// How many more listeners it can take; `Int.max` when it has no limit.
    public var freeSlots: Int {
        guard let limit = trust.listenersMax else { return .max }
        return max(0, limit - max(report.connections, report.listeners, trust.arriving) - reservations.count)
    }

    /// How it stands in the choice for one listener, whose region is given.
    func candidate(region: String?, now: Int64) -> RelayChoice.Candidate {
        guard isHealthy(now: now) else { return RelayChoice.Candidate(costPerGB: .infinity, isNear: false, share: 0) }
        let lasting = report.budget?.lastingShare ?? 1
        return RelayChoice.Candidate(
            costPerGB: report.budget?.costPerGB ?? 0,
            isNear: region != nil && report.location?.lowercased() == region,
            share: Double(report.weight) * freeShare * lasting)
    }

    /// Whether it says itself that it takes nobody now.
    var takesNobody: Bool {
        !report.isHealthy || report.isDraining || report.budget?.state ?? .open != .open
            || report.listenerLimit.map { report.connections >= $0 } ?? false
    }

    /// A listener is sent there.
    mutating func reserve(now: Int64) {
        reservations.reserve(now: now)
        trust.assigned(now: now)
    }
}
