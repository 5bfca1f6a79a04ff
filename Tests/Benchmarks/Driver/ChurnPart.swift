import Foundation

/// Listeners come and go for ten minutes: does anything stay behind?
struct ChurnPart {
    private static let listeners = 5_000
    private static let perSecond = 200.0
    private static let windowSeconds = 10.0
    /// What the allocator may still take for itself between the second window and the last.
    private static let growthMax = 0.02
    /// A peer that has left shows when a send fails, a period or two later; one that had asked for nothing yet, when
    /// the deadline for its request has come.
    private static let partingSecondsMax = 60.0

    let seconds: Int
    let place: Workplace
    let say: (String) -> Void

    func run(into table: inout Table) throws(BenchError) {
        say("\(Self.listeners) listeners, \(Int(Self.perSecond)) come and go a second, \(seconds) s")
        let server = try Server.start(.relay, in: place, cores: Workplace.serverCore)
        defer { server.stop() }
        // The first connections of all: afterwards the number of descriptors is what it is without listeners.
        _ = try LoadResult.run(Load(count: 20, settle: 0.2, windows: [0.5]), on: server)
        let before = Self.whenAlone(server, descriptors: 0, seconds: 5)
        let windows = max(3, seconds / Int(Self.windowSeconds))
        let load = Load(
            count: Self.listeners, windows: Array(repeating: Self.windowSeconds, count: windows), churn: Self.perSecond)
        let result = try LoadResult.run(load, on: server)
        let after = Self.whenAlone(server, descriptors: before.descriptors, seconds: Self.partingSecondsMax)
        func memory(_ reading: ProcessReading) -> Double { reading.residentBytes - reading.ringBytes }
        let early = memory(result.windows[1].from)
        let late = result.windows.suffix(windows / 2).map { memory($0.to) }.max() ?? 0
        let growth = late / early - 1
        let lost = after.descriptors - before.descriptors
        var values = [
            "resident_early_bytes": early, "resident_late_bytes": late, "descriptors_lost": Double(lost),
            "churned": Double(result.report.churned), "lost": Double(result.report.lost),
            "refused": Double(result.report.refused),
        ]
        for (index, window) in result.windows.enumerated() {
            values["resident_\(index)_bytes"] = memory(window.to)
            values["descriptors_\(index)"] = Double(window.to.descriptors)
            values["socket_\(index)_bytes"] = window.to.socketBytes
        }
        table.keep(
            Table.Run(
                part: Part.churn.rawValue, server: Server.Kind.relay.name, round: 1, values: values,
                report: result.report))
        table.state(
            "growth of resident memory while \(result.report.churned) came and went",
            Table.text(growth * 100, 1) + " %", bar: "≤ \(Table.text(Self.growthMax * 100, 0)) %",
            isOk: growth <= Self.growthMax)
        table.state("descriptors lost", "\(lost)", bar: "0", isOk: lost == 0)
        table.state("listeners that were cut off", "\(result.report.lost)", bar: "0", isOk: result.report.lost == 0)
    }

    /// Counters once it has no more than so many descriptors, at the latest after so many seconds.
    private static func whenAlone(_ server: Server, descriptors: Int, seconds: Double) -> ProcessReading {
        let deadline = Date(timeIntervalSinceNow: seconds)
        var reading = server.reading()
        while reading.descriptors > descriptors && Date() < deadline {
            usleep(500_000)
            reading = server.reading()
        }
        return reading
    }
}
