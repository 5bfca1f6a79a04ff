import Foundation

/// Ten thousand listeners on one processor: is anybody behind real time?
struct TenThousandPart {
    private static let load = Load(count: 10_000, arrivals: 1_000, settle: 3, windows: [20])

    let place: Workplace
    let say: (String) -> Void

    func run(into table: inout Table) throws(BenchError) {
        say("\(Self.load.count) listeners on one core")
        let server = try Server.start(.relay, in: place, cores: Workplace.serverCore)
        defer { server.stop() }
        let result = try LoadResult.run(Self.load, on: server)
        let window = result.windows[0]
        let report = result.report
        let n = Double(Self.load.count)
        let values = [
            "behind": Double(report.behind), "live": Double(report.live), "lost": Double(report.lost),
            "real_time_ratio_min": report.real_time_ratio.min, "cushion_min_s": report.cushion_s.min,
            "core_share": window.cpuSeconds / window.seconds, "cpu_s_per_GiB": window.cpuSecondsPerGiB,
            "wait_share": window.waitShare,
            "resident_bytes":
                (window.to.residentBytes - window.to.ringBytes - result.before.residentBytes
                + result.before.ringBytes) / n,
        ].compactMapValues { $0 }
        table.keep(
            Table.Run(
                part: Part.tenThousand.rawValue, server: Server.Kind.relay.name, round: 1, values: values,
                report: report))
        // Whoever did not get in or was let go is behind, too.
        let behind = report.behind + Self.load.count - report.real_time_ratio.count
        table.state(
            "of 10 000 listeners on one core, behind real time", "\(behind)", bar: "0", isOk: behind == 0)
        table.state(
            "least sound in hand of any of them, s", Table.text(report.cushion_s.min ?? 0, 1), bar: "> 0",
            isOk: (report.cushion_s.min ?? 0) > 0)
        table.state("share of that core", Table.text(window.cpuSeconds / window.seconds, 2))
        table.state("share of the time that others kept it waiting for it", Table.text(window.waitShare, 2))
        table.state("resident bytes per listener, 10 000", Table.text(values["resident_bytes"] ?? 0, 0))
    }
}
