/// Reads one reply from a connection's bytes, without a socket: pieces of any size in, head and body out.
package struct ReplyReader {
    package enum Event {
        case head(ResponseHead)
        /// Valid during the call only.
        case body(UnsafeRawBufferPointer)
        case end
    }

    private enum State { case head, body(Int64), chunked, untilClose, done }

    private let method: Method
    private let headBytesMax: Int
    private let headerCountMax: Int
    private var state = State.head
    private var scanner: HeadScanner
    private var interimBytes = 0
    private var decoder = ChunkedDecoder()
    private var headBytes: [UInt8] = []

    package init(method: Method, headBytesMax: Int, headerCountMax: Int) {
        self.method = method
        self.headBytesMax = headBytesMax
        self.headerCountMax = headerCountMax
        scanner = HeadScanner(bytesMax: headBytesMax, targetBytesMax: 1_024, headersMax: headerCountMax)
    }

    package var isDone: Bool { if case .done = state { true } else { false } }

    /// Takes more bytes. Bytes after the reply's end are ignored: nobody asked for them.
    package mutating func take(_ bytes: UnsafeRawBufferPointer, emit: (Event) -> Void) throws(ParseError) {
        var rest = bytes
        while !rest.isEmpty {
            switch state {
            case .head:
                let end = try scanner.scan(rest)
                let used = end ?? rest.count
                headBytes.append(contentsOf: rest[..<used])
                rest = UnsafeRawBufferPointer(rebasing: rest[used...])
                if end != nil { try headEnded(emit) }
            case .body(let remaining):
                let count = Int(min(remaining, Int64(rest.count)))
                state = .body(remaining - Int64(count))
                emit(.body(UnsafeRawBufferPointer(rebasing: rest[..<count])))
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
                if remaining == Int64(count) { finish(emit) }
            case .chunked:
                let used = try decoder.decode(rest) { emit(.body($0)) }
                rest = UnsafeRawBufferPointer(rebasing: rest[used...])
                if decoder.isDone { finish(emit) }
            case .untilClose:
                emit(.body(rest))
                return
            case .done: return
            }
        }
    }

    /// The peer sends no more. False when the reply was not whole.
    package mutating func inputEnded(emit: (Event) -> Void) -> Bool {
        switch state {
        case .done: return true
        case .untilClose:
            finish(emit)
            return true
        default: return false
        }
    }

    private mutating func finish(_ emit: (Event) -> Void) {
        state = .done
        emit(.end)
    }

    private mutating func headEnded(_ emit: (Event) -> Void) throws(ParseError) {
        let start = scanner.leadingBytes
        let head = try headBytes.withUnsafeBufferPointer { buffer throws(ParseError) in
            try HeadParser.response(
                UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[start...]),
                headerCountMax: headerCountMax)
        }
        headBytes = []
        if head.status.code / 100 == 1 {
            // RFC 9110 section 15.2: interim replies come before the real one; all of them together are no longer than
            // a head may be.
            interimBytes += scanner.scannedBytes
            scanner = HeadScanner(
                bytesMax: headBytesMax - interimBytes, targetBytesMax: 1_024, headersMax: headerCountMax)
            return
        }
        let framing = try BodyFraming.response(
            to: method, status: head.status, version: head.version, headers: head.headers)
        switch framing {
        case .none: state = .done
        case .length(let length): state = .body(length)
        case .chunked: state = .chunked
        case .untilClose: state = .untilClose
        }
        emit(.head(head))
        if framing == .none { emit(.end) }
    }
}
