import Foundation

/// As much of an HTTP client as asking a server on this machine needs.
enum LoopbackHTTP {
    /// A connected blocking socket that gives up after five seconds of silence; nil when nobody is there.
    static func connect(port: Int) -> Int32? {
        let fd = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard fd >= 0 else { return nil }
        var patience = timeval(tv_sec: 5, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(fd, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(fd, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            close(fd)
            return nil
        }
        return fd
    }

    /// Sends all of it; false when the peer does not take it.
    static func send(_ bytes: some Collection<UInt8>, to fd: Int32) -> Bool {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(fd, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// A reply's status and its body, at most so many bytes of all; nil when there is none.
    static func get(_ path: String, port: Int, bytesMax: Int = 1 << 18) -> (status: Int, body: String)? {
        guard let fd = connect(port: port) else { return nil }
        defer { close(fd) }
        let request = "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n\r\n"
        guard send(request.utf8, to: fd) else { return nil }
        var reply = [UInt8]()
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while reply.count < bytesMax {
            let count = recv(fd, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            reply += buffer[..<count]
        }
        let text = String(decoding: reply, as: UTF8.self)
        guard let head = text.range(of: "\r\n\r\n"),
            let status = text.split(separator: " ", maxSplits: 2).dropFirst().first.flatMap({ Int($0) })
        else { return nil }
        return (status, String(text[head.upperBound...]))
    }

    /// The values of a server's `/metrics` by name.
    static func metrics(port: Int) -> [String: Double] {
        var values: [String: Double] = [:]
        for line in (get("/metrics", port: port)?.body ?? "").split(separator: "\n") where !line.hasPrefix("#") {
            let words = line.split(separator: " ")
            if words.count == 2, let value = Double(words[1]) { values[String(words[0])] = value }
        }
        return values
    }

    /// Asks until the answer is 200, at most so many seconds.
    static func waitUntilServing(_ path: String, port: Int, seconds: Double, bytesMax: Int) -> Bool {
        let deadline = Date(timeIntervalSinceNow: seconds)
        while Date() < deadline {
            if get(path, port: port, bytesMax: bytesMax)?.status == 200 { return true }
            usleep(100_000)
        }
        return false
    }
}
