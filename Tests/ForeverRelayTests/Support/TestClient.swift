import Glibc

/// A plain socket on loopback that sends a request as it is written and keeps what comes.
final class TestClient {
    private let fd: Int32
    private(set) var received: [UInt8] = []
    private(set) var isEnded = false
    private var request: [UInt8]
    /// bytes read a turn at most
    var readBytesMax = Int.max

    init(_ world: TestWorld, port: UInt16, _ request: String) {
        fd = Self.connect(port: port)
        self.request = Array(request.utf8)
        world.everyTurn { [weak self] in self?.pump() }
    }

    /// GET of a path with more header lines.
    convenience init(_ world: TestWorld, port: UInt16, get path: String, method: String = "GET", _ lines: [String] = [])
    {
        let head = (["\(method) \(path) HTTP/1.1", "Host: 127.0.0.1:\(port)"] + lines).joined(separator: "\r\n")
        self.init(world, port: port, head + "\r\n\r\n")
    }

    deinit { close(fd) }

    /// Lets the kernel hold nothing back. A manual clock runs a hundred times faster than the kernel's: what Nagle's rule
    /// keeps for the 40 ms of a delayed acknowledgement would be late by seconds.
    static func sendAtOnce(_ fd: Int32) {
        var on: Int32 = 1
        _ = setsockopt(fd, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    static func connect(port: UInt16) -> Int32 {
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let fd = socket(AF_INET, type, 0)
        sendAtOnce(fd)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        _ = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(fd, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        return fd
    }

    private func pump() {
        if !request.isEmpty {
            let count = send(fd, request, request.count, Int32(MSG_NOSIGNAL))
            if count > 0 { request.removeFirst(count) }
        }
        var piece = [UInt8](repeating: 0, count: 65_536)
        var left = readBytesMax
        while left > 0, !isEnded {
            let count = recv(fd, &piece, min(piece.count, left), 0)
            if count == 0 { isEnded = true }
            if count <= 0 { return }
            received += piece[0..<count]
            left -= count
        }
    }

    private var headEnd: Int? {
        guard received.count >= 4 else { return nil }
        return (4...received.count).first { received[($0 - 4)..<$0].elementsEqual([13, 10, 13, 10]) }
    }

    /// The reply's head once it is whole.
    var head: String? { headEnd.map { String(decoding: received[..<$0], as: UTF8.self) } }

    var status: Int? { head.flatMap { $0.split(separator: " ").dropFirst().first }.flatMap { Int($0) } }

    /// The values of a header field.
    func field(_ name: String) -> String? {
        head?.split(separator: "\r\n").dropFirst().first { $0.lowercased().hasPrefix(name.lowercased() + ":") }
            .map { $0.dropFirst(name.count + 1).trimmingSpaces }
    }

    func number(_ name: String) -> Int64? { field(name).flatMap { Int64($0) } }

    var body: [UInt8] { headEnd.map { Array(received[$0...]) } ?? [] }

    var text: String { String(decoding: body, as: UTF8.self) }

    func hangUp() { shutdown(fd, Int32(SHUT_RDWR)) }
}

extension Substring {
    var trimmingSpaces: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
