/// The root's ledger as it is kept in a file. Pure: bytes in, bytes out.
package enum LedgerFile {
    package static let version: Int64 = 1
    /// 1024 relays with 3 periods of 16 boots are 5 MB.
    package static let bytesMax = 16 << 20

    package static func bytes(_ ledger: TrafficLedger) -> [UInt8] {
        let json: JSONValue = [
            "version": .integer(version), "relays": .array(ledger.entries.map(json)),
        ]
        return json.bytes + [10]
    }

    private static func json(_ entry: TrafficLedger.Entry) -> JSONValue {
        [
            "id": .string(entry.id), "url": .text(entry.url), "account": .text(entry.account?.name),
            "counts": .text(entry.account?.counts.rawValue), "periods": .array(entry.periods.map(json)),
        ]
    }

    private static func json(_ period: TrafficLedger.Period) -> JSONValue {
        [
            "start": .string(period.start.description), "settled": json(period.settled),
            "boots": .array(
                period.boots.map { .array([.string($0.name), json($0.totals)]) }),
        ]
    }

    private static func json(_ totals: TrafficTotals) -> JSONValue {
        .array([.integer(totals.sentBytes), .integer(totals.receivedBytes)])
    }

    /// Nil for what is damaged.
    package static func read(_ bytes: [UInt8]) -> TrafficLedger? {
        guard bytes.count <= bytesMax, let json = try? JSONParser.parse(bytes), json["version"]?.integer == version,
            let relays = json["relays"]?.array
        else { return nil }
        let entries = relays.compactMap(entry)
        return entries.count == relays.count ? TrafficLedger(entries: entries) : nil
    }

    private static func entry(_ json: JSONValue) -> TrafficLedger.Entry? {
        guard let id = json["id"]?.string, let told = json["periods"]?.array else { return nil }
        let periods = told.compactMap(period)
        guard periods.count == told.count else { return nil }
        var account: TrafficLedger.Account?
        if let name = json["account"]?.string {
            let counts = json["counts"]?.string.flatMap { BudgetSettings.Counts(rawValue: $0) }
            account = TrafficLedger.Account(name: name, counts: counts ?? .out)
        }
        return TrafficLedger.Entry(id: id, url: json["url"]?.string, account: account, periods: periods)
    }

    private static func period(_ json: JSONValue) -> TrafficLedger.Period? {
        guard let start = json["start"]?.string.flatMap({ CalendarDay($0) }),
            let settled = json["settled"].flatMap(totals), let told = json["boots"]?.array
        else { return nil }
        let boots = told.compactMap { boot -> TrafficLedger.Boot? in
            guard let pair = boot.array, pair.count == 2, let name = pair[0].string, let totals = totals(pair[1])
            else { return nil }
            return TrafficLedger.Boot(name: name, totals: totals)
        }
        return boots.count == told.count ? TrafficLedger.Period(start: start, settled: settled, boots: boots) : nil
    }

    private static func totals(_ json: JSONValue) -> TrafficTotals? {
        guard let pair = json.array, pair.count == 2, let sent = pair[0].integer, sent >= 0,
            let received = pair[1].integer, received >= 0
        else { return nil }
        return TrafficTotals(sentBytes: sent, receivedBytes: received)
    }
}
