import Foundation

/// One thousand listeners: what each server pays per GiB and in memory.
struct CostPart {
    private static let listeners = 1_000
    /// The first window measures time on the processor; in the second, system calls are counted.
    private static let windows = [5.0, 4.0]
    private static let countSeconds = 3
    /// Its source comes in ten pieces a second, so Icecast goes through its listeners ten times a second, with one or two
    /// blocks of 1400 bytes each: 11 to 12 sends, of which the second finds the socket's memory at hand.
    private static let icecastPace = Server.Kind.pacedRelay(periodMilliseconds: 100, steps: 1)
    private static let floorAtIcecastPace = Server.Kind.pacedFloor(periodMilliseconds: 100)

    let parts: Set<Part>
    let place: Workplace
    let say: (String) -> Void

    private var hasIcecast: Bool { parts.contains(.icecast) && IcecastConfiguration.isInstalled }

    private var kinds: [Server.Kind] {
        var kinds: [Server.Kind] = [.relay]
        if parts != [.icecast] { kinds += [.floor, .spreadFloor] }
        if hasIcecast { kinds += [Self.icecastPace, Self.floorAtIcecastPace, .icecast] }
        return kinds
    }

    func run(rounds: Int, into table: inout Table) throws(BenchError) {
        for round in 1...rounds {
            // Who comes first changes: nobody has the quieter part of every round.
            for kind in round % 2 == 1 ? kinds : kinds.reversed() {
                say("\(Self.listeners) listeners, \(kind.name), round \(round) of \(rounds)")
                try measure(kind, round, into: &table)
            }
        }
        lay(into: &table)
    }

    private func measure(_ kind: Server.Kind, _ round: Int, into table: inout Table) throws(BenchError) {
        let server = try Server.start(kind, in: place)
        defer { server.stop() }
        // What happens only once is done before anybody is counted.
        _ = try LoadResult.run(Load(count: 20, settle: 0.2, windows: [0.5]), on: server)
        var count: SyscallCount?
        let load = Load(count: Self.listeners, windows: Self.windows)
        let result = try LoadResult.run(load, on: server) { window in
            if window == 1 { count = SyscallCount.take(server, seconds: Self.countSeconds) }
        }
        let n = Double(Self.listeners)
        let cost = result.windows[0]
        var values = [
            "cpu_s_per_GiB": cost.cpuSecondsPerGiB,
            "wait_share": cost.waitShare,
            "resident_bytes":
                (cost.to.residentBytes - cost.to.ringBytes - result.before.residentBytes
                + result.before.ringBytes) / n,
            "resident_bytes_with_ring": (cost.to.residentBytes - result.before.residentBytes) / n,
            "socket_bytes": (cost.to.socketBytes - result.before.socketBytes) / n,
            "descriptors": Double(cost.to.descriptors), "live": Double(result.report.live),
            "refused": Double(result.report.refused), "broken_frames": Double(result.report.framing.broken),
        ]
        if let count {
            values["sends_per_listener_s"] = count.sends / n
            // What arrived between a listener's first and last send, and not between a window's edges.
            let rate = Double(Server.byteRate) * (result.report.real_time_ratio.p50 ?? 0)
            values["bytes_per_send"] = rate * n / count.sends
            if let all = count.all { values["syscalls_per_listener_s"] = all / n }
        }
        table.keep(
            Table.Run(part: Part.cost.rawValue, server: kind.name, round: round, values: values, report: result.report))
    }

    private func lay(into table: inout Table) {
        let ours = Server.Kind.relay.name
        let floor = Server.Kind.floor.name
        let spread = Server.Kind.spreadFloor.name
        if parts.contains(.cost) {
            table.compare("CPU s per GiB", "cpu_s_per_GiB", part: .cost, ours, to: floor, atMost: 1.10)
            table.compare("CPU s per GiB, floor spread as we are", "cpu_s_per_GiB", part: .cost, ours, to: spread)
            table.compare(
                "sends per listener and second", "sends_per_listener_s", part: .cost, ours, to: floor, within: 0.03)
            table.compare("bytes per send", "bytes_per_send", part: .cost, ours, to: floor, digits: 0, within: 0.03)
            table.compare(
                "system calls per listener and second", "syscalls_per_listener_s", part: .cost, ours, to: spread,
                digits: 3, within: 0.10)
        }
        if parts.contains(.icecast) {
            if hasIcecast {
                let icecast = Server.Kind.icecast.name
                table.compare(
                    "CPU s per GiB, a send a second, to Icecast's 12", "cpu_s_per_GiB", part: .cost, ours, to: icecast,
                    atMost: 0.30)
                table.compare(
                    "CPU s per GiB, ten rounds a second, as Icecast", "cpu_s_per_GiB", part: .cost,
                    Self.icecastPace.name, to: icecast, atMost: 1.00)
                table.compare(
                    "CPU s per GiB, ten rounds a second, as the floor at that pace", "cpu_s_per_GiB", part: .cost,
                    Self.icecastPace.name, to: Self.floorAtIcecastPace.name)
                table.compare(
                    "sends per listener and second, as Icecast", "sends_per_listener_s", part: .cost,
                    Self.icecastPace.name, to: icecast)
            } else {
                table.state("CPU s per GiB to Icecast", "not measured: icecast2 is not installed")
            }
        }
        if parts.contains(.memory) {
            let bytes = Table.median(table.values("resident_bytes", part: .cost, server: ours)) ?? .infinity
            table.state(
                "resident bytes per listener", Table.text(bytes, 0), bar: "≤ 512 B", isOk: bytes <= 512)
            table.compare(
                "the same with the ring's pages that were touched meanwhile", "resident_bytes_with_ring", part: .cost,
                ours, to: floor, digits: 0)
        }
        if parts != [.icecast] {
            let broken = table.values("broken_frames", part: .cost, server: ours).reduce(0, +)
            table.state("MP3 frames broken on the way", Table.text(broken, 0), bar: "0", isOk: broken == 0)
        }
    }
}
