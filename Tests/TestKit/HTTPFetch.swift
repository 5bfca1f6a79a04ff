import Foundation

/// One HTTP reply as a test sees it.
package struct HTTPReply: Sendable {
    package let status: Int
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]

    package var text: String { String(decoding: body, as: UTF8.self) }

    /// The value of header `name`, compared without case.
    package subscript(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    package func json() throws -> [String: Any] {
        guard let object = try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any] else {
            throw TestKitFailure("no JSON object: \(text.prefix(300))")
        }
        return object
    }
}

/// A plain HTTP/1.1 request to loopback on a blocking socket, independent of the project's own HTTP code.
package final class HTTPFetch: Sendable {
    private static let headBytesMax = 65536
    package let status: Int
    package let headers: [(name: String, value: String)]
    private let descriptor: Int32
    private let early: [UInt8]

    /// Sends the request to `url` (http, 127.0.0.1 only) and reads the reply's head.
    package init(_ url: String, method: String = "GET", headers: [String: String] = [:], seconds: Double = 10) throws {
        guard let parts = URLComponents(string: url), let port = parts.port, parts.host == "127.0.0.1" else {
            throw TestKitFailure("not a loopback address with a port: \(url)")
        }
        let deadline = Deadline(seconds: seconds)
        let socketDescriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socketDescriptor >= 0 else { throw TestKitFailure("socket: errno \(errno)") }
        do {
            var address = loopbackAddress(port: UInt16(port))
            let connected = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(socketDescriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
            guard connected else { throw TestKitFailure("connect to \(url): errno \(errno)") }
            let path = parts.percentEncodedPath.isEmpty ? "/" : parts.percentEncodedPath
            let target = path + (parts.percentEncodedQuery.map { "?" + $0 } ?? "")
            var request = "\(method) \(target) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n"
            for (name, value) in headers { request += "\(name): \(value)\r\n" }
            let bytes = Array((request + "\r\n").utf8)
            guard send(socketDescriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
                throw TestKitFailure("send: errno \(errno)")
            }
            var received: [UInt8] = []
            var headEnd: Int?
            while headEnd == nil {
                let more = try Self.read(socketDescriptor, countMax: 4096, deadline)
                guard let more, !more.isEmpty, received.count < Self.headBytesMax else {
                    throw TestKitFailure("no reply head from \(url), only \(received.count) bytes")
                }
                received += more
                headEnd = Self.endOfHead(received)
            }
            let lines = String(decoding: received[..<headEnd!], as: UTF8.self).components(separatedBy: "\r\n")
            status = Int(lines[0].split(separator: " ").dropFirst().first ?? "") ?? 0
            self.headers = lines.dropFirst().compactMap { line in
                guard let colon = line.firstIndex(of: ":") else { return nil }
                let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
                return (String(line[..<colon]), value)
            }
            early = Array(received[headEnd!...])
            descriptor = socketDescriptor
        } catch {
            close(socketDescriptor)
            throw error
        }
    }

    deinit { close(descriptor) }

    /// The value of header `name`, compared without case.
    package subscript(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// Reads the body from its start until its end, `countMax` bytes, or `seconds`, whichever comes first.
    /// May be called once.
    package func body(countMax: Int = 64 << 20, seconds: Double = 10) throws -> [UInt8] {
        let deadline = Deadline(seconds: seconds)
        var bytes = early
        let promised = self["Content-Length"].flatMap(Int.init) ?? countMax
        while bytes.count < min(promised, countMax) {
            guard let more = try Self.read(descriptor, countMax: 65536, deadline), !more.isEmpty else { break }
            bytes += more
        }
        return Array(bytes.prefix(countMax))
    }

    /// Bytes, none at the end of the connection, nil when the time is over.
    private static func read(_ descriptor: Int32, countMax: Int, _ deadline: Deadline) throws -> [UInt8]? {
        var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard Glibc.poll(&poll, 1, deadline.millisecondsLeft) > 0 else { return nil }
        return [UInt8](unsafeUninitializedCapacity: countMax) { buffer, count in
            count = max(0, recv(descriptor, buffer.baseAddress, countMax, 0))
        }
    }

    private static func endOfHead(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= 4 else { return nil }
        for n in 0...(bytes.count - 4) where bytes[n] == 13 && bytes[n + 1] == 10 {
            if bytes[n + 2] == 13 && bytes[n + 3] == 10 { return n + 4 }
        }
        return nil
    }
}

/// The whole reply to one request.
package func fetch(
    _ url: String, method: String = "GET", headers: [String: String] = [:], seconds: Double = 10
) throws -> HTTPReply {
    let reply = try HTTPFetch(url, method: method, headers: headers, seconds: seconds)
    let body = method == "HEAD" ? [] : try reply.body(seconds: seconds)
    return HTTPReply(status: reply.status, headers: reply.headers, body: body)
}
