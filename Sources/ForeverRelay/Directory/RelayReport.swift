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

    var json: JSONValue {
        [
            "id": .string(id), "url": .text(url), "port": .count(port), "listeners": .count(listeners),
            "connections": .count(connections), "listenerLimit": listenerLimit.map { .count($0) } ?? .null,
            "bytesSent": .integer(bytesSent), "weight": .count(weight), "location": .text(location),
            "healthy": .bool(isHealthy), "epoch": .text(epoch), "livePosition": .integer(livePosition),
            "mixingEdgePosition": .integer(mixingEdgePosition), "version": .string(version),
        ]
    }

    /// Reads a report; nil when a field is missing or is not what it should be.
    init?(_ json: JSONValue) {
        func count(_ name: String, _ range: ClosedRange<Int64> = 0...(.max)) -> Int64? {
            json[name]?.integer.flatMap { range.contains($0) ? $0 : nil }
        }
        guard let id = json["id"]?.string, RelayProof.isID(id),
            let port = count("port", 0...65_535), let listeners = count("listeners", 0...10_000_000),
            let connections = count("connections", 0...10_000_000), let bytesSent = count("bytesSent"),
            let weight = count("weight", 0...1_000_000), let healthy = json["healthy"]?.bool,
            let live = count("livePosition"), let edge = count("mixingEdgePosition"),
            let version = json["version"]?.string, version.utf8.count <= 64
        else { return nil }
        let location = json["location"]?.string
        guard location?.utf8.count ?? 0 <= 256 else { return nil }
        self.init(
            id: id, url: json["url"]?.string, port: UInt16(port), listeners: Int(listeners),
            connections: Int(connections), listenerLimit: count("listenerLimit", 0...10_000_000).map { Int($0) },
            bytesSent: bytesSent, weight: Int(weight), location: location, isHealthy: healthy,
            epoch: json["epoch"]?.string, livePosition: live, mixingEdgePosition: edge, version: version)
    }
}
