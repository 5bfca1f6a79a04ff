import ForeverHTTP
import ForeverRelay
import ForeverTLS
import Glibc

// A relay whose period can be chosen: the same fan-out as forever-relay's, with another number of sends a second.
//
//   bench-relay ROOT-URL PORT TOKEN-FILE DATA-FOLDER PERIOD-MILLISECONDS STEPS

func complain(_ text: String) -> Never {
    let line = Array("bench-relay: \(text)\n".utf8)
    _ = write(STDERR_FILENO, line, line.count)
    exit(2)
}

func relay(_ words: [String]) throws {
    guard words.count == 6, let root = HTTPAddress(words[0]), let port = UInt16(words[1]),
        let period = Int64(words[4]), let steps = Int(words[5]), period > 0, steps > 0
    else { complain("ROOT-URL PORT TOKEN-FILE DATA-FOLDER PERIOD-MILLISECONDS STEPS") }
    let token = try RelayToken.read(words[2], option: "TOKEN-FILE")
    let data = words[3]
    guard DataFolder.make(data) else { complain("cannot write into \(data)") }
    var service = ServiceSettings(role: .relay, version: "bench")
    service.fanout.periodNanoseconds = period * 1_000_000
    service.fanout.stepsPerPeriod = steps
    let loop = try EventLoop()
    let node = RelayNode(
        loop: loop, client: HTTPClient(loop: loop),
        settings: RelayNode.Settings(root: root, dataFolder: data, service: service),
        generator: SystemRandomNumberGenerator(), sign: { MessageDigest.hmacSHA256($0, key: token) })
    let router = Router()
    node.install(into: router)
    let server = HTTPServer(loop: loop, router: router)
    let signals = try SignalWatch(loop: loop) { _ in loop.stop() }
    try node.start(port: try server.listen(host: "127.0.0.1", port: port))
    loop.run()
    node.stop()
    server.stop()
    withExtendedLifetime(signals) {}
}

do {
    try relay(Array(CommandLine.arguments.dropFirst()))
} catch {
    complain("\(error)")
}
