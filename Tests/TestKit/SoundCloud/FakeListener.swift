import Foundation
import Synchronization

/// One request as a fake server got it.
package struct FakeRequest: Sendable {
    package var method: String
    /// Before the `?`, percent-decoded.
    package var path: String
    /// As it was sent.
    package var target: String
    package var query: [String: String]
    /// By name in lower case.
    package var headers: [String: String]
    package var body: String

    /// The fields of a form in the body.
    package var form: [String: String] { FakeRequest.fields(body) }

    static func fields(_ text: String) -> [String: String] {
        var fields: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map {
                $0.replacing("+", with: " ").removingPercentEncoding ?? String($0)
            }
            fields[parts[0]] = parts.count > 1 ? parts[1] : ""
        }
        return fields
    }
}

/// What a fake server answers, and how badly.
package struct FakeReply: Sendable {
    package var status: Int
    package var headers: [String: String]
    package var body: [UInt8]
    /// Waits so long before it answers. **Units:** s.
    package var delaySeconds = 0.0
    /// Ends the connection after so many bytes of the body.
    package var cutAfterBytes: Int?
    /// Ends the connection without a word.
    package var isSilent = false

    package init(_ status: Int, headers: [String: String] = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    package static func json(_ status: Int, _ text: String) -> FakeReply {
        FakeReply(status, headers: ["Content-Type": "application/json; charset=utf-8"], body: Array(text.utf8))
    }
}

/// A small HTTP server on loopback with blocking sockets, a thread for each connection and one request on each.
final class FakeListener: Sendable {
    let port: UInt16
    private let descriptor: Int32
    private let isStopped = Atomic<Bool>(false)

    init(_ answer: @escaping @Sendable (FakeRequest) -> FakeReply) throws {
        let listening = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard listening >= 0 else { throw TestKitFailure("socket: errno \(errno)") }
        var address = loopbackAddress(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(listening, generic, length) == 0 && listen(listening, 64) == 0
                    && getsockname(listening, generic, &length) == 0
            }
        }
        guard isListening else {
            close(listening)
            throw TestKitFailure("listen: errno \(errno)")
        }
        descriptor = listening
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread { [weak self] in
            while true {
                let connection = accept(listening, nil, nil)
                guard connection >= 0 else { break }
                if self?.isStopped.load(ordering: .relaxed) != false {
                    close(connection)
                    break
                }
                Thread.detachNewThread {
                    Self.serve(connection, answer)
                    close(connection)
                }
            }
            close(listening)
        }
    }

    deinit {
        isStopped.store(true, ordering: .relaxed)
        shutdown(descriptor, Int32(SHUT_RDWR))
    }

    private static let requestBytesMax = 256 << 10

    private static func serve(_ connection: Int32, _ answer: (FakeRequest) -> FakeReply) {
        guard let request = read(connection) else { return }
        let reply = answer(request)
        if reply.delaySeconds > 0 { Thread.sleep(forTimeInterval: reply.delaySeconds) }
        if reply.isSilent { return }
        var head = "HTTP/1.1 \(reply.status) Fake\r\nConnection: close\r\nContent-Length: \(reply.body.count)\r\n"
        for (name, value) in reply.headers { head += "\(name): \(value)\r\n" }
        write(connection, Array((head + "\r\n").utf8))
        if request.method != "HEAD" {
            write(connection, reply.cutAfterBytes.map { Array(reply.body.prefix($0)) } ?? reply.body)
        }
    }

    private static func read(_ connection: Int32) -> FakeRequest? {
        var limit = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 16_384)
        let end = Array("\r\n\r\n".utf8)
        while bytes.count < requestBytesMax {
            if let range = bytes.firstRange(of: end) {
                let lines = String(decoding: bytes[..<range.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
                var headers: [String: String] = [:]
                for line in lines.dropFirst() {
                    guard let colon = line.firstIndex(of: ":") else { continue }
                    headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(
                        in: .whitespaces)
                }
                let wanted = headers["content-length"].flatMap { Int($0) } ?? 0
                if bytes.count - range.upperBound >= wanted {
                    let words = lines[0].split(separator: " ").map(String.init)
                    guard words.count == 3 else { return nil }
                    let parts = words[1].split(separator: "?", maxSplits: 1).map(String.init)
                    return FakeRequest(
                        method: words[0], path: parts[0].removingPercentEncoding ?? parts[0], target: words[1],
                        query: FakeRequest.fields(parts.count > 1 ? parts[1] : ""), headers: headers,
                        body: String(decoding: bytes[range.upperBound...], as: UTF8.self))
                }
            }
            let count = recv(connection, &block, block.count, 0)
            guard count > 0 else { return nil }
            bytes += block[..<count]
        }
        return nil
    }

    private static func write(_ connection: Int32, _ bytes: [UInt8]) {
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes {
                send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            done += count
        }
    }
}
