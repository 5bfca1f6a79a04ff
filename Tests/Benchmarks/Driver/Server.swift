import Foundation

/// A server that listeners can be sent to.
struct Server {
    enum Kind: Hashable {
        /// forever-server, mixing
        case station
        /// forever-relay as it is: one send a listener a second
        case relay
        /// the same, listened to by https
        case protectedRelay
        /// the same fan-out at another pace
        case pacedRelay(periodMilliseconds: Int, steps: Int)
        /// the C loop
        case floor
        /// the C loop, with its listeners spread over the second and the kernel's buffers as the relay has them
        case spreadFloor
        /// the C loop with another period
        case pacedFloor(periodMilliseconds: Int)
        case icecast

        var name: String {
            switch self {
            case .station: "station"
            case .relay: "relay"
            case .protectedRelay: "relay over TLS"
            case .pacedRelay(let period, _): "relay, a send every \(period) ms"
            case .floor: "floor"
            case .spreadFloor: "spread floor"
            case .pacedFloor(let period): "floor, a send every \(period) ms"
            case .icecast: "icecast"
            }
        }

        /// How fast listeners may come. Icecast takes no more than some 300 a second.
        var arrivalsMax: Double { self == .icecast ? 200 : .infinity }
        /// How long after the last arrival some may still be waiting. **Units:** s.
        var settleMin: Double { self == .icecast ? 5 : 0 }
    }

    let kind: Kind
    let child: Child
    let port: Int
    let path: String
    private let source: IcecastSource?

    /// Where it speaks https, too.
    private let protectedPort: Int?

    /// Where listeners go.
    var url: String {
        protectedPort.map { "https://127.0.0.1:\($0)\(path)" } ?? "http://127.0.0.1:\(port)\(path)"
    }
    var isForever: Bool {
        switch kind {
        case .station, .relay, .protectedRelay, .pacedRelay: true
        case .floor, .spreadFloor, .pacedFloor, .icecast: false
        }
    }

    static let burstSeconds = 6
    static let byteRate = 16_000
    /// The relay's own rule: the burst and two periods.
    private static let sendBufferBytes = (burstSeconds + 2) * byteRate

    /// Starts one and waits until sound leaves it.
    ///
    /// - cores: the processors it may use; nil: all
    /// - groups: files of control groups that it is put into
    /// **Errors:** when it does not come up.
    static func start(
        _ kind: Kind, in place: Workplace, cores: String? = nil, groups: [String] = []
    ) throws(BenchError) -> Server {
        let port = place.freshPort()
        let data = place.freshFolder("server")
        let protectedPort = kind == .protectedRelay ? place.freshPort() : nil
        let program: String
        var arguments: [String]
        switch kind {
        case .station:
            program = try Tools.ours("forever-server")
            arguments = ["--relay-token-file", place.tokenFile, "--burst", "\(burstSeconds)", "--seed", "1"]
        case .relay, .protectedRelay:
            program = try Tools.ours("forever-relay")
            arguments = ["--root", "http://127.0.0.1:\(try place.runningStation().port)"]
            arguments += ["--token-file", place.tokenFile, "--burst", "\(burstSeconds)"]
        case .pacedRelay(let period, let steps):
            program = try Tools.ours("bench-relay")
            let root = "http://127.0.0.1:\(try place.runningStation().port)"
            arguments = [root, "\(port)", place.tokenFile, data, "\(period)", "\(steps)"]
        case .floor, .spreadFloor, .pacedFloor:
            var period = 1_000
            if case .pacedFloor(let milliseconds) = kind { period = milliseconds }
            program = try Tools.ours("bench-floor")
            arguments = ["--port", "\(port)", "--file", place.material, "--period", "\(period)"]
            arguments += ["--burst", "\(burstSeconds * byteRate)"]
            if kind == .spreadFloor { arguments += ["--steps", "4", "--send-buffer", "\(sendBufferBytes)"] }
        case .icecast:
            program = "icecast2"
            arguments = ["-c", try IcecastConfiguration.write(folder: data, port: port)]
        }
        if let protectedPort {
            arguments += ["--tls-port", "\(protectedPort)", "--tls-certificate", try place.certificate()]
        }
        if [.station, .relay, .protectedRelay].contains(kind) {
            arguments += ["--host", "127.0.0.1", "--port", "\(port)", "--data", data]
        }
        let child = try Child(program, arguments, cores: cores, groups: groups, logPath: data + ".log")
        var source: IcecastSource?
        if kind == .icecast { source = IcecastSource(port: port, file: place.material) }
        let path = kind == .icecast ? IcecastConfiguration.mount : "/all.mp3"
        let server = Server(
            kind: kind, child: child, port: port, path: path, source: source, protectedPort: protectedPort)
        // Some sound must come, not only a head.
        guard LoopbackHTTP.waitUntilServing(path, port: port, seconds: 120, bytesMax: 8_000) else {
            server.stop()
            throw BenchError("\(kind.name) does not come up: \(child.logTail)")
        }
        return server
    }

    func stop() {
        source?.stop()
        child.stop()
    }

    func reading() -> ProcessReading { ProcessReading(pid: child.pid, ring: ["stream.ring", "memfd:floor"]) }
}
