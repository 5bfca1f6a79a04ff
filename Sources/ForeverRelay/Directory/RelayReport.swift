/// What a relay says about itself every few seconds. The first one registers it.
public struct RelayReport: Hashable, Sendable {
    /// 16 to 64 letters and digits; the id that its proof names
    public var id: String
    /// how listeners reach it, absolute and without a path; nil: the address the report came from, and `port`
    public var url: String?
    public var port: UInt16
    /// listeners that have heard enough to count
    public var listeners: Int
    /// open connections, counted or not
    public var connections: Int
    /// nil for as many as come
    public var listenerLimit: Int?
    /// bytes of sound since its start
    public var bytesSent: Int64
    /// its share of the listeners against that of others
    public var weight: Int
    public var location: String?
    /// whether sound is leaving it and it takes new listeners
    public var isHealthy: Bool
    public var epoch: String?
    public var livePosition: StreamPosition
    public var mixingEdgePosition: StreamPosition
    public var version: String
    /// 16 hexadecimal digits, another for every start; empty from a relay that does not say
    public var boot = ""
    /// wire bytes of this boot in each billing period, the last few
    public var periods: [TrafficPeriod] = []
    /// most listeners at once since its start
    public var listenersPeak = 0
    /// listeners by family, small families merged
    public var agents = AgentCounts()
    /// 1-minute load average a processor; nil when unknown
    public var load: Double?
    /// relays between it and the root
    public var depth = 0
    /// id of the relay that it pulls from; nil for the root
    public var source: String?
    /// nil: its transfer is not limited
    public var budget: BudgetReport?
    /// it is about to go, and takes nobody
    public var isDraining = false
    /// it pulls nothing, since nobody listens: its live edge stands still
    public var isAsleep = false
    /// where it stands in the tree
    public var place = RelayPlace()

    public init(
        id: String, url: String?, port: UInt16, listeners: Int, connections: Int, listenerLimit: Int?, bytesSent: Int64,
        weight: Int, location: String?, isHealthy: Bool, epoch: String?, livePosition: StreamPosition,
        mixingEdgePosition: StreamPosition, version: String
    ) {
        self.id = id
        self.url = url
        self.port = port
        self.listeners = listeners
        self.connections = connections
        self.listenerLimit = listenerLimit
        self.bytesSent = bytesSent
        self.weight = weight
        self.location = location
        self.isHealthy = isHealthy
        self.epoch = epoch
        self.livePosition = livePosition
        self.mixingEdgePosition = mixingEdgePosition
        self.version = version
    }
}
