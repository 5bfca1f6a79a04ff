/// A report as it travels.
extension RelayReport {
    /// Billing periods that one report may name: the present one, and those that came to an end lately.
    static let periodsMax = 4

    package var json: JSONValue {
        guard case .object(let members) = ownJSON else { return ownJSON }
        return .object(members + place.members)
    }

    private var ownJSON: JSONValue {
        [
            "id": .string(id), "url": .text(url), "port": .count(port), "listeners": .count(listeners),
            "connections": .count(connections), "listenerLimit": .count(listenerLimit),
            "bytesSent": .integer(bytesSent), "weight": .count(weight), "location": .text(location),
            "healthy": .bool(isHealthy), "epoch": .text(epoch), "livePosition": .integer(livePosition),
            "mixingEdgePosition": .integer(mixingEdgePosition), "version": .string(version),
            "boot": .string(boot), "periods": .array(periods.map(\.json)), "listenersPeak": .count(listenersPeak),
            "agents": agents.json, "load": .rounded(load), "depth": .count(depth),
            "source": .text(source), "budget": budget?.json ?? .null, "isDraining": .bool(isDraining),
            "isAsleep": .bool(isAsleep),
        ]
    }

    /// Reads a report; nil when a field is missing or is not what it should be. What earlier versions did not send may
    /// be missing.
    package init?(_ json: JSONValue) {
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
        guard readLater(json) else { return nil }
    }

    /// The fields that came after the first version.
    private mutating func readLater(_ json: JSONValue) -> Bool {
        func given(_ name: String) -> JSONValue? {
            guard let value = json[name], value != .null else { return Optional.none }
            return value
        }
        if let value = given("boot") {
            guard let text = value.string, text.isEmpty || (text.utf8.count == 16 && RelayProof.isID(text)) else {
                return false
            }
            boot = text
        }
        if let value = given("periods") {
            guard let values = value.array, values.count <= Self.periodsMax else { return false }
            periods = values.compactMap { TrafficPeriod($0) }
            guard periods.count == values.count else { return false }
        }
        if let value = given("agents") {
            guard let counts = AgentCounts(value) else { return false }
            agents = counts
        }
        if let value = given("budget") {
            guard let report = BudgetReport(value) else { return false }
            budget = report
        }
        if let value = given("source") {
            guard let text = value.string, RelayProof.isID(text) else { return false }
            source = text
        }
        if let value = given("listenersPeak") {
            guard let count = value.integer, (0...10_000_000).contains(count) else { return false }
            listenersPeak = Int(count)
        }
        if let value = given("depth") {
            guard let count = value.integer, (0...64).contains(count) else { return false }
            depth = Int(count)
        }
        load = given("load")?.number
        isDraining = given("isDraining")?.bool ?? false
        isAsleep = given("isAsleep")?.bool ?? false
        place = RelayPlace(json)
        return true
    }
}
