import Foundation

/// What a connection costs while a thousand a second come.
///
/// A thousand are over in a second, in which a processor that is shared may run at half its pace: the servers run side by
/// side, and take short turns, many of them.
struct ConnectPart {
    private static let load = Load(count: 1_000, arrivals: 1_000, settle: 0.2, windows: [0.5])
    private static let turnsPerRound = 4

    let place: Workplace
    let say: (String) -> Void

    func run(rounds: Int, into table: inout Table) throws(BenchError) {
        var servers: [Server] = []
        defer { for server in servers { server.stop() } }
        for kind in [Server.Kind.relay, .floor, .spreadFloor] { servers.append(try Server.start(kind, in: place)) }
        say("\(Self.load.count) connections to each of \(servers.count) servers in turns, \(rounds) rounds")
        // What happens only once is done before anybody is counted.
        for server in servers { _ = try LoadResult.run(Self.load, on: server) }
        for turn in 1...rounds * Self.turnsPerRound {
            for server in turn % 2 == 1 ? servers : servers.reversed() {
                let result = try LoadResult.run(Self.load, on: server)
                let seconds = result.ramped.cpuSeconds - result.before.cpuSeconds
                table.keep(
                    Table.Run(
                        part: Part.connect.rawValue, server: server.kind.name, round: turn,
                        values: ["connect_us": seconds / Double(Self.load.count) * 1e6], report: result.report))
            }
        }
        let ours = Server.Kind.relay.name
        table.compare(
            "CPU µs per connection, 1000 a second", "connect_us", part: .connect, ours, to: Server.Kind.floor.name,
            digits: 0, atMost: 1.50)
        table.compare(
            "CPU µs per connection, floor with as large a burst", "connect_us", part: .connect, ours,
            to: Server.Kind.spreadFloor.name, digits: 0)
    }
}
