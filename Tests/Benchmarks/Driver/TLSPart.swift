import Foundation

/// What protection costs: a thousand listeners by https against a thousand plain ones, and what of the difference is the
/// cipher's own.
///
/// Both relays stand side by side and are listened to in turns, a measurement of the cipher between them: a shared processor's
/// pace changes from minute to minute.
struct TLSPart {
    private static let load = Load(count: 1_000, windows: [5])
    private static let cipherSeconds = 0.5
    private static let cipher = "AES-128-GCM alone"

    let place: Workplace
    let say: (String) -> Void

    func run(rounds: Int, into table: inout Table) throws(BenchError) {
        let part = Part.tls.rawValue
        let plain = Server.Kind.relay
        let protected = Server.Kind.protectedRelay
        for round in 1...rounds {
            say("\(Self.load.count) listeners, plain and over TLS, round \(round) of \(rounds)")
            var costs: [Server.Kind: Double] = [:]
            var cipher = 0.0
            for kind in round % 2 == 1 ? [plain, protected] : [protected, plain] {
                let server = try Server.start(kind, in: place)
                defer { server.stop() }
                _ = try LoadResult.run(Load(count: 20, settle: 0.2, windows: [0.5]), on: server)
                let result = try LoadResult.run(Self.load, on: server)
                cipher += try Self.cipherSecondsPerGiB() / 2
                let window = result.windows[0]
                costs[kind] = window.cpuSecondsPerGiB
                let bytes =
                    window.to.residentBytes - window.to.ringBytes - result.before.residentBytes
                    + result.before.ringBytes
                let n = Double(Self.load.count)
                let values = [
                    "cpu_s_per_GiB": window.cpuSecondsPerGiB, "wait_share": window.waitShare,
                    "resident_bytes": bytes / n,
                    "connect_us": (result.ramped.cpuSeconds - result.before.cpuSeconds) / n * 1e6,
                    "broken_frames": Double(result.report.framing.broken), "live": Double(result.report.live),
                ]
                table.keep(
                    Table.Run(part: part, server: kind.name, round: round, values: values, report: result.report))
            }
            let extra = costs[protected, default: 0] - costs[plain, default: 0]
            for (name, value) in [("TLS's extra", extra), (Self.cipher, cipher)] {
                table.keep(
                    Table.Run(part: part, server: name, round: round, values: ["s_per_GiB": value], report: nil))
            }
        }
        lay(into: &table, plain.name, protected.name)
    }

    private func lay(into table: inout Table, _ plain: String, _ protected: String) {
        table.compare(
            "extra CPU s per GiB over TLS, 1000 listeners", "s_per_GiB", part: .tls, "TLS's extra", to: Self.cipher,
            digits: 3, atMost: 1.00)
        table.compare("CPU s per GiB over TLS", "cpu_s_per_GiB", part: .tls, protected, to: plain)
        table.compare(
            "CPU µs per connection over TLS (ECDSA), 1000 a second", "connect_us", part: .tls, protected, to: plain,
            digits: 0)
        let bytes = Table.median(table.values("resident_bytes", part: .tls, server: protected))
        table.state("resident bytes per listener over TLS", bytes.map { Table.text($0, 0) } ?? "not measured")
        let broken = table.values("broken_frames", part: .tls, server: protected).reduce(0, +)
        table.state("MP3 frames broken on the way over TLS", Table.text(broken, 0), bar: "0", isOk: broken == 0)
    }

    private static func cipherSecondsPerGiB() throws(BenchError) -> Double {
        let child = try Child(
            try Tools.ours("bench-listeners"), ["--cipher", "\(cipherSeconds)", "--count", "\(load.count)"],
            cores: Workplace.serverCore)
        guard let line = child.nextLine(), child.wait() == 0, let seconds = Double(line) else {
            throw BenchError("the cipher could not be measured")
        }
        return seconds
    }
}
