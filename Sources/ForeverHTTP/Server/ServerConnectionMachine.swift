/// Every decision a server's connection makes, without a socket: bytes, answers and deadlines in, steps out.
///
/// One request is looked at after the other; the next only when the one before is answered and its answer has
/// mostly left. **Units:** instants are monotonic nanoseconds.
package struct ServerConnectionMachine {
    /// What the connection shall do now.
    package enum Step {
        /// Nothing, until something happens.
        case wait
        /// Send `100 Continue`; the client holds its body back for it.
        case sendContinue
        /// Answer this.
        case serve(RequestHead, body: [UInt8])
        /// Answer with an error's status and close.
        case refuse(Status, reason: String)
        /// Say no more and close once everything is sent.
        case finish
        /// Close at once.
        case close
    }

    private enum State {
        case head
        case body(RequestHead, BodyFraming)
        case answering
        case finishing
        case lingering
        case closed
    }

    private let limits: HTTPLimits
    private var state = State.head
    private var input: [UInt8] = []
    private var inputStart = 0
    private var scanned = 0
    private var scanner: HeadScanner
    private var decoder = ChunkedDecoder()
    private var body: [UInt8] = []
    private var requestCount = 0
    private var inputEnded = false
    private var stateDeadline: Int64
    private var bodyStart: Int64 = 0
    private var bodyBytes = 0
    private var pace = AnswerPace()
    /// Whether the request being answered lets the connection stay.
    package private(set) var keepsAlive = false

    package init(limits: HTTPLimits, now: Int64) {
        self.limits = limits
        scanner = Self.newScanner(limits)
        stateDeadline = now + Self.nanoseconds(limits.headSecondsMax)
    }

    private static func newScanner(_ limits: HTTPLimits) -> HeadScanner {
        HeadScanner(
            bytesMax: limits.headBytesMax, targetBytesMax: limits.targetBytesMax, headersMax: limits.headerCountMax)
    }

    private static func nanoseconds(_ seconds: Double) -> Int64 { Int64(seconds * 1e9) }

    /// Whether bytes are wanted from the socket.
    package var wantsInput: Bool {
        if inputEnded { return false }
        switch state {
        case .body, .lingering: return true
        // Behind an answer that has not left, no more than the next head is read.
        case .head, .answering: return input.count - inputStart <= limits.headBytesMax
        case .finishing, .closed: return false
        }
    }

    package var isAnswering: Bool { if case .answering = state { true } else { false } }
    package var isClosed: Bool { if case .closed = state { true } else { false } }

    /// When `deadlinePassed` is to be called; nil for never.
    package var deadline: Int64? { isClosed ? nil : min(stateDeadline, pace.deadline ?? .max) }

    /// What a server that is full may do with this connection.
    package var standing: ConnectionStanding {
        guard case .head = state, pace.deadline == nil else { return .busy }
        if scanned == 0 && input.count == inputStart && requestCount > 0 {
            return .idle(sinceNanoseconds: stateDeadline - Self.nanoseconds(limits.idleSecondsMax))
        }
        return .readingHead(sinceNanoseconds: stateDeadline - Self.nanoseconds(limits.headSecondsMax))
    }

    // MARK: Events

    package mutating func bytesArrived(_ bytes: UnsafeRawBufferPointer, now: Int64) {
        if case .lingering = state { return }
        if case .head = state, scanned == 0, input.count == inputStart, requestCount > 0 {
            stateDeadline = now + Self.nanoseconds(limits.headSecondsMax)
        }
        input.append(contentsOf: bytes)
        if case .body = state {
            bodyBytes += bytes.count
            stateDeadline = bodyDeadline
        }
    }

    /// A body has its whole time, and less when it comes more slowly than the limit.
    private var bodyDeadline: Int64 {
        let paced = limits.bodyGraceSeconds + Double(bodyBytes) / limits.bodyBytesPerSecondMin
        return bodyStart + Self.nanoseconds(min(limits.bodySecondsMax, paced))
    }

    package mutating func peerFinished() { inputEnded = true }

    /// The answer is in the output; with `closing` it is the connection's last.
    package mutating func answered(closing: Bool, now: Int64) {
        guard isAnswering else { return }
        if closing || !keepsAlive {
            state = .finishing
            stateDeadline = .max
        } else {
            state = .head
            let bytesWait = input.count > inputStart
            stateDeadline = now + Self.nanoseconds(bytesWait ? limits.headSecondsMax : limits.idleSecondsMax)
        }
    }

    /// Output was offered to the peer, whose kernel queue took some or none.
    package mutating func outputOffered(movedBytes: Int, waitingBytes: Int, now: Int64) {
        pace.offered(movedBytes: movedBytes, waitingBytes: waitingBytes, limits: limits, now: now)
    }

    package mutating func closed() { state = .closed }

    /// Unread bytes, given away with the connection.
    package mutating func takeUnreadBytes() -> [UInt8] {
        defer { state = .closed }
        return Array(input[inputStart...])
    }

    /// A deadline has passed. Of what was sent, `undeliveredBytes` still wait in the kernel.
    package mutating func deadlinePassed(now: Int64, undeliveredBytes: Int = 0) -> Step {
        guard let deadline, deadline <= now else { return .wait }
        if pace.isTooSlow(undeliveredBytes: undeliveredBytes, limits: limits, now: now) { return close() }
        guard stateDeadline <= now else { return .wait }
        switch state {
        case .head where scanned == 0 && input.count == inputStart: return close()
        case .head, .body: return refuse(.requestTimeout, "the request took too long")
        case .answering: return refuse(.serviceUnavailable, "the answer took too long")
        case .finishing, .lingering, .closed: return close()
        }
    }

    private mutating func close() -> Step {
        state = .closed
        return .close
    }

    // MARK: Steps

    /// The next thing to do, until it says to wait.
    package mutating func next(waitingOutputBytes: Int, now: Int64) -> Step {
        switch state {
        case .closed, .answering: return .wait
        case .finishing:
            guard waitingOutputBytes == 0 else { return .wait }
            // RFC 9112 section 9.6: closing at once would reset the connection and may destroy the answer.
            if inputEnded { return close() }
            state = .lingering
            stateDeadline = now + Self.nanoseconds(limits.lingerSecondsMax)
            return .finish
        case .lingering: return inputEnded ? close() : .wait
        case .head:
            if waitingOutputBytes > limits.outputBytesMax { return .wait }
            do throws(ParseError) {
                return try headStep(waitingOutputBytes, now)
            } catch {
                return refuse(error)
            }
        case .body(let head, let framing):
            do throws(ParseError) {
                return try bodyStep(head, framing, now)
            } catch {
                return refuse(error)
            }
        }
    }

    private mutating func headStep(_ waitingOutputBytes: Int, _ now: Int64) throws(ParseError) -> Step {
        let start = inputStart + scanned
        var scanner = self.scanner
        let end = try input.withUnsafeBufferPointer { buffer throws(ParseError) in
            let bytes = UnsafeRawBufferPointer(buffer)
            return try scanner.scan(UnsafeRawBufferPointer(rebasing: bytes[start...]))
        }
        self.scanner = scanner
        guard let end else {
            scanned = input.count - inputStart
            guard inputEnded else { return .wait }
            guard scanned == 0 else { throw .malformedRequestLine }
            state = .finishing
            return waitingOutputBytes == 0 ? close() : .wait
        }
        let headRange = (inputStart + scanner.leadingBytes)..<(start + end)
        let head = try input.withUnsafeBufferPointer { buffer throws(ParseError) in
            let bytes = UnsafeRawBufferPointer(buffer)
            return try HeadParser.request(UnsafeRawBufferPointer(rebasing: bytes[headRange]), limits: limits)
        }
        let framing = try BodyFraming.request(version: head.version, headers: head.headers)
        if case .length(let length) = framing, length > Int64(limits.bodyBytesMax) { throw .bodyTooLarge }
        inputStart = headRange.upperBound
        scanned = 0
        self.scanner = Self.newScanner(limits)
        requestCount += 1
        keepsAlive = head.allowsKeepAlive && requestCount < limits.requestsPerConnectionMax
        guard framing != .none else { return serve(head) }
        decoder = ChunkedDecoder()
        state = .body(head, framing)
        bodyStart = now
        bodyBytes = input.count - inputStart
        stateDeadline = bodyDeadline
        if let expectation = head.headers["Expect"], head.version == .http11 {
            guard ByteClass.equal(expectation, "100-continue") else { throw .unknownExpectation }
            // RFC 9110 section 10.1.1: not when the body is on its way already.
            if inputStart == input.count { return .sendContinue }
        }
        return try bodyStep(head, framing, now)
    }

    private mutating func bodyStep(_ head: RequestHead, _ framing: BodyFraming, _ now: Int64) throws(ParseError)
        -> Step
    {
        if case .length(let length) = framing {
            let wanted = Int(length) - body.count
            let count = min(wanted, input.count - inputStart)
            body.append(contentsOf: input[inputStart..<(inputStart + count)])
            inputStart += count
            if count == wanted { return serve(head) }
        } else {
            var decoder = self.decoder
            var body = self.body
            self.body = []
            let most = limits.bodyBytesMax
            let used = try input.withUnsafeBufferPointer { buffer throws(ParseError) in
                let bytes = UnsafeRawBufferPointer(buffer)
                return try decoder.decode(UnsafeRawBufferPointer(rebasing: bytes[inputStart...])) {
                    run throws(ParseError) in
                    if body.count + run.count > most { throw .bodyTooLarge }
                    body.append(contentsOf: run)
                }
            }
            self.decoder = decoder
            self.body = body
            inputStart += used
            if decoder.isDone { return serve(head) }
        }
        compact()
        return inputEnded ? close() : .wait
    }

    private mutating func serve(_ head: RequestHead) -> Step {
        compact()
        state = .answering
        stateDeadline = .max
        let whole = body
        body = []
        return .serve(head, body: whole)
    }

    /// The answer is not there yet: from now on it is waited for.
    package mutating func answerDeferred(now: Int64) {
        if isAnswering { stateDeadline = now + Self.nanoseconds(limits.answerSecondsMax) }
    }

    private mutating func compact() {
        if inputStart == input.count {
            input.removeAll(keepingCapacity: input.capacity <= EventLoop.scratchBytes)
            inputStart = 0
        } else if inputStart > EventLoop.scratchBytes {
            input.removeSubrange(..<inputStart)
            inputStart = 0
        }
    }

    private mutating func refuse(_ error: ParseError) -> Step { refuse(error.status, error.rawValue) }

    private mutating func refuse(_ status: Status, _ reason: String) -> Step {
        state = .finishing
        stateDeadline = .max
        keepsAlive = false
        input = []
        inputStart = 0
        return .refuse(status, reason: reason)
    }
}
