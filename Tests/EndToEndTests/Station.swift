import Foundation
import ForeverTestKit

/// A running `forever-server` or `forever-relay` of one test, reached over loopback.
final class Station {
    let program: RunningProgram
    /// With a slash at the end.
    let url: String

    /// Starts a root with the demo crate unless `arguments` say otherwise.
    static func root(data: TemporaryFolder, port: UInt16 = 0, _ arguments: [String] = []) throws -> Station {
        let own = ["--host", "127.0.0.1", "--port", "\(port)", "--data", data("root"), "--seed", "1"]
        return try Station(Programs.server, own + arguments)
    }

    static func relay(
        of root: Station, data: TemporaryFolder, port: UInt16, rootURL: String? = nil, _ arguments: [String] = []
    ) throws -> Station {
        let own = ["--root", rootURL ?? root.url, "--host", "127.0.0.1", "--port", "\(port)", "--data", data("relay")]
        return try Station(Programs.relay, own + ["--public-url", "http://127.0.0.1:\(port)"] + arguments, port: port)
    }

    /// Waits until the program listens on `port`; without one, for the line that says where it listens.
    private init(_ path: String, _ arguments: [String], port: UInt16? = nil) throws {
        let program = try RunningProgram(path, arguments)
        self.program = program
        if let port {
            let url = "http://127.0.0.1:\(port)/"
            try waitUntil("\(program.name) answers", seconds: 20) {
                guard program.isRunning else { throw TestKitFailure("\(program.name) ended: \(program.errorText)") }
                return (try? fetch(url + "status.json"))?.status == 200
            }
            self.url = url
            return
        }
        url = try eventually("\(program.name)'s line with its address", seconds: 20) {
            guard program.isRunning else { throw TestKitFailure("\(program.name) ended: \(program.errorText)") }
            let lines = program.outputText.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            let address = lines.lazy.compactMap { $0.firstMatch(of: #/http://127\.0\.0\.1:\d+/#) }.first
            return address.map { String($0.output) + "/" }
        }
    }

    deinit { program.end() }

    func json(_ path: String) throws -> [String: Any] { try fetch(url + path).json() }

    /// The stream as an ordinary listener gets it: `seconds` of it by the clock.
    func listen(seconds: Double, query: String = "") throws -> StreamPiece {
        let reply = try HTTPFetch(url + "all.mp3" + query, seconds: 20)
        guard reply.status == 200, let epoch = reply["Forever-Epoch"],
            let position = reply["Forever-Position"].flatMap(Int.init)
        else { throw TestKitFailure("all.mp3 answers \(reply.status) \(reply.headers)") }
        return StreamPiece(epoch: epoch, position: position, bytes: try reply.body(seconds: seconds))
    }
}

/// Bytes of the stream and where they belong.
struct StreamPiece {
    let epoch: String
    let position: Int
    let bytes: [UInt8]

    var end: Int { position + bytes.count }

    /// How many bytes both pieces have in common by position, and whether these are the same.
    func common(with other: StreamPiece) -> (count: Int, equal: Bool) {
        let from = max(position, other.position)
        let to = min(end, other.end)
        guard to > from else { return (0, false) }
        let mine = bytes[(from - position)..<(to - position)]
        return (to - from, mine == other.bytes[(from - other.position)..<(to - other.position)])
    }
}
