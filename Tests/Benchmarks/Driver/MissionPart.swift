import Foundation

/// The machine of the mission: the station itself, mixing, with a thousand listeners in 512 MB and on one core.
struct MissionPart {
    private static let memoryBytes = 512 << 20
    private static let listeners = 1_000
    /// Longer than it takes until a stalled one's buffers are full and it is let go: new ones come all the time.
    private static let returnSeconds = 45.0
    /// More than two periods without sound is a gap in the sending, though the burst may bridge it.
    private static let gapMillisecondsMax = 2_000.0

    let seconds: Int
    let place: Workplace
    let say: (String) -> Void

    func run(into table: inout Table) throws(BenchError) {
        say("the station with \(Self.listeners) listeners in 512 MB on one core, \(seconds) s")
        let group: ControlGroup
        do {
            group = try ControlGroup(memoryBytes: Self.memoryBytes)
        } catch {
            table.state("the station in 512 MB on one core", "not measured: \(error)")
            return
        }
        defer { group.remove() }
        let server = try Server.start(
            .station, in: place, cores: Workplace.serverCore, groups: [group.processesFile])
        defer { server.stop() }
        let load = Load(
            count: Self.listeners, arrivals: 100, settle: 3, windows: [Double(seconds)], stalled: 0.05,
            returnAfter: Self.returnSeconds)
        let result = try LoadResult.run(load, on: server)
        let usage = group.usage()
        let metrics = LoopbackHTTP.metrics(port: server.port)
        let starved = metrics["forever_starved_total"] ?? .nan
        let window = result.windows[0]
        let report = result.report
        table.keep(
            Table.Run(
                part: Part.mission.rawValue, server: Server.Kind.station.name, round: 1,
                values: [
                    "peak_bytes": usage.peakBytes, "socket_peak_bytes": usage.socketPeakBytes,
                    "limit_hits": usage.limitHits, "kills": usage.kills, "swap_bytes": usage.swapBytes,
                    "resident_bytes": window.to.residentBytes, "wait_share": window.waitShare,
                    "core_share": window.cpuSeconds / window.seconds,
                    "starved": starved.isNaN ? nil : starved, "gap_max_ms": report.gap_ms.max,
                    "cushion_min_s": report.cushion_s.min, "orphans": window.to.orphans,
                    "dropped": metrics["forever_dropped_total"],
                ].compactMapValues { $0 }, report: report))
        let megabytes = usage.peakBytes / 1_048_576
        table.state(
            "the station in 512 MB on one core: most memory, MB", Table.text(megabytes, 0), bar: "≤ 512",
            isOk: megabytes <= 512)
        let mishaps = usage.kills + usage.swapBytes
        table.state("kills and bytes swapped there", Table.text(mishaps, 0), bar: "0", isOk: mishaps == 0)
        let gap = report.gap_ms.max ?? .infinity
        table.state(
            "longest gap there, ms", Table.text(gap, 0), bar: "≤ \(Int(Self.gapMillisecondsMax))",
            isOk: gap <= Self.gapMillisecondsMax && starved == 0)
        let lost = report.lost + report.behind
        table.state("cut off or behind there", "\(lost)", bar: "0", isOk: lost == 0)
        table.state("share of that core, mixing included", Table.text(window.cpuSeconds / window.seconds, 2))
        table.state("share of the time that its threads waited for it", Table.text(window.waitShare, 2))
    }
}
