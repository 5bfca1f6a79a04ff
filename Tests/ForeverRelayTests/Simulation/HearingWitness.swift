import ForeverHTTP
import ForeverRelay
import Glibc

/// A listener at some server, like a player: it comes again when it is cut. It looks at every byte.
final class HearingWitness {
    /// where it listens: a relay's number; nil: at the root
    let place: Int?
    private let name: String
    private var fd: Int32 = -1
    private var request: [UInt8] = []
    private var head: [UInt8]? = []
    /// the position of the next byte
    private var position: StreamPosition = 0
    /// bytes of sound since the connection began
    private var received: Int64 = 0
    /// bytes heard in all, and when the last came
    private(set) var heardBytes: Int64 = 0
    private(set) var lastHeardNanoseconds: Int64 = 0
    private(set) var skips = 0
    private var againNanoseconds: Int64 = 0
    private var tries = 0

    init(place: Int?, number: Int) {
        self.place = place
        name = String(0xF00D_0000_0000 + number, radix: 16)
    }

    deinit { if fd >= 0 { close(fd) } }

    private var uuid: String {
        let tail = String(tries, radix: 16)
        return String(repeating: "0", count: 32 - name.utf8.count - 4) + name
            + String(repeating: "0", count: 4 - min(4, tail.utf8.count)) + tail
    }

    private func hangUp(_ now: Int64) {
        if fd >= 0 { close(fd) }
        fd = -1
        againNanoseconds = now + 1_000_000_000
    }

    /// Reads what has come. What is wrong with it, in words; nil when nothing is.
    ///
    /// - port: where its server listens now; nil: nowhere
    /// - segments: what the server's position map says of a name
    func turn(
        _ now: Int64, port: UInt16?, reference: ReferenceStream, segments: (ListenerName) -> [PositionSegment]
    ) -> String? {
        guard let port else {
            if fd >= 0 { hangUp(now) }
            return nil
        }
        if fd < 0 {
            guard now >= againNanoseconds else { return nil }
            tries += 1
            fd = TestClient.connect(port: port)
            request = Array("GET /all.mp3?listener=\(uuid) HTTP/1.1\r\nHost: x\r\n\r\n".utf8)
            head = []
            received = 0
        }
        if !request.isEmpty {
            let count = send(fd, request, request.count, Int32(MSG_NOSIGNAL))
            if count > 0 { request.removeFirst(count) }
        }
        var piece = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = recv(fd, &piece, piece.count, 0)
            guard count > 0 else {
                if count == 0 || errno != EAGAIN && errno != ENOTCONN { hangUp(now) }
                return nil
            }
            if let wrong = take(piece[..<count], now, reference, segments) { return wrong }
            if fd < 0 { return nil }
        }
    }

    private func take(
        _ bytes: ArraySlice<UInt8>, _ now: Int64, _ reference: ReferenceStream,
        _ segments: (ListenerName) -> [PositionSegment]
    ) -> String? {
        guard var collected = head else { return hear(bytes, now, reference, segments) }
        collected += bytes
        guard let end = collected.endOfHead else {
            head = collected
            return nil
        }
        head = nil
        let lines = String(decoding: collected[..<end], as: UTF8.self).split(separator: "\r\n")
        let place = lines.first { $0.hasPrefix("Forever-Position: ") }.flatMap { Int64($0.dropFirst(18)) }
        guard lines.first?.contains(" 200 ") == true, let place else {
            hangUp(now)
            return nil
        }
        position = place
        return hear(collected[end...], now, reference, segments)
    }

    private func hear(
        _ bytes: ArraySlice<UInt8>, _ now: Int64, _ reference: ReferenceStream,
        _ segments: (ListenerName) -> [PositionSegment]
    ) -> String? {
        var rest = bytes
        while !rest.isEmpty {
            let same = reference.agreement(rest, at: position)
            position += Int64(same)
            received += Int64(same)
            rest = rest.dropFirst(same)
            heardBytes += Int64(same)
            if same > 0 { lastHeardNanoseconds = now }
            if rest.isEmpty { return nil }
            // Not the next byte: then it must be a skip, and stand in the map.
            guard let name = ListenerName(uuid),
                let segment = segments(name).last(where: {
                    $0.sent <= received && $0.sent > received - 384 && $0.position != position - (received - $0.sent)
                })
            else { return "a listener at \(spot) got other bytes than the root's at \(position)" }
            // Of several within one frame the last counts.
            // Bytes before and after a skip may agree for a while by chance: they do at a frame's first four.
            let over = received - segment.sent
            guard reference.format.frameFloor(segment.position) == segment.position else {
                return "a listener at \(spot) skipped to the middle of a frame, \(segment.position)"
            }
            guard reference.format.frameFloor(position - over) == position - over else {
                return "a listener at \(spot) skipped from the middle of a frame, \(position - over)"
            }
            let landed = segment.position + over
            guard reference.agreement(rest.prefix(1), at: landed) == 1 else {
                return "a listener at \(spot) got other bytes after a skip to \(segment.position)"
            }
            skips += 1
            position = landed
        }
        return nil
    }

    private var spot: String { place.map { "relay \($0)" } ?? "the root" }
}

extension [UInt8] {
    /// Where the body begins; nil when the head is not whole.
    fileprivate var endOfHead: Int? {
        guard count >= 4 else { return nil }
        return (4...count).first {
            self[$0 - 4] == 13 && self[$0 - 3] == 10 && self[$0 - 2] == 13 && self[$0 - 1] == 10
        }
    }
}

/// The stream as the root makes it, every byte of it.
final class ReferenceStream {
    private let stream: TestStream
    private var bytes: [UInt8] = []

    init(_ stream: TestStream) { self.stream = stream }

    var format: StreamFormat { stream.format }

    /// How many of these are the stream's bytes from `position` on.
    func agreement(_ piece: ArraySlice<UInt8>, at position: StreamPosition) -> Int {
        guard position >= 0, position < 1 << 40 else { return 0 }
        let end = Int(position) + piece.count
        if end > bytes.count { bytes += stream.bytes(Int64(bytes.count), Int64(end + 100_000)) }
        return bytes.withUnsafeBufferPointer { all in
            piece.withUnsafeBufferPointer { piece in
                guard memcmp(all.baseAddress! + Int(position), piece.baseAddress!, piece.count) != 0 else {
                    return piece.count
                }
                return piece.indices.first { all[Int(position) + $0] != piece[$0] } ?? piece.count
            }
        }
    }
}
