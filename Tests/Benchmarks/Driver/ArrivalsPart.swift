import Foundation

/// Time to the first sound while a thousand a second come, and what the others notice of stalled and slow ones.
struct ArrivalsPart {
    private static let load = Load(
        count: 3_000, arrivals: 1_000, settle: 1, windows: [5], stalled: 0.05, slow: 0.05)

    let place: Workplace
    let say: (String) -> Void

    func run(rounds: Int, into table: inout Table) throws(BenchError) {
        let kinds: [Server.Kind] = [.relay, .floor, .spreadFloor]
        for round in 1...rounds {
            for kind in round % 2 == 1 ? kinds : kinds.reversed() {
                say("\(Self.load.count) arrivals, \(kind.name), round \(round) of \(rounds)")
                let server = try Server.start(kind, in: place)
                defer { server.stop() }
                let result = try LoadResult.run(Self.load, on: server)
                let report = result.report
                let values = [
                    "first_audio_p50_ms": report.first_audio_ms.p50, "first_audio_p99_ms": report.first_audio_ms.p99,
                    "gap_p99_ms": report.gap_ms.p99, "gap_max_ms": report.gap_ms.max,
                    "ramp_wait_share": (result.ramped.waitSeconds - result.before.waitSeconds)
                        / (result.ramped.seconds - result.before.seconds),
                    "cushion_min_s": report.cushion_s.min, "lost": Double(report.lost),
                ].compactMapValues { $0 }
                table.keep(
                    Table.Run(
                        part: Part.arrivals.rawValue, server: kind.name, round: round, values: values, report: report))
            }
        }
        let ours = Server.Kind.relay.name
        let floor = Server.Kind.floor.name
        let spread = Server.Kind.spreadFloor.name
        for (what, name) in [
            ("ms to first audio, median", "first_audio_p50_ms"), ("ms to first audio, 99 of 100", "first_audio_p99_ms"),
            ("ms between arrivals of sound, 99 of 100", "gap_p99_ms"),
        ] {
            table.compare(what, name, part: .arrivals, ours, to: floor, atMost: 2)
            table.compare(what + ", floor spread as we are", name, part: .arrivals, ours, to: spread)
        }
    }
}
