import ForeverHTTP
import Testing

struct ServerConnectionMachineTests {
    private static let conversation =
        "GET /a HTTP/1.1\r\nHost: x\r\n\r\nPOST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
        + "\r\nPOST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: v\r\n\r\n"
        + "HEAD /d HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"

    @Test func cutsMakeNoDifference() {
        var whole = ConversationDriver()
        whole.feed(Self.conversation)
        #expect(whole.log == ["GET /a", "POST /b hello", "POST /c abcde", "HEAD /d", "finish"])
        let bytes = Array(Self.conversation.utf8)
        for first in 0..<bytes.count {
            var twice = ConversationDriver()
            twice.feed(Array(bytes[..<first]))
            twice.feed(Array(bytes[first...]))
            #expect(twice.log == whole.log, "cut at \(first)")
        }
        var drip = ConversationDriver()
        for byte in bytes { drip.feed([byte]) }
        #expect(drip.log == whole.log)
    }

    @Test func theWholeHeadHasOneDeadline() {
        var driver = ConversationDriver()
        for character in "GET / HTT" {
            driver.feed(String(character))
            driver.pass(seconds: 1)
        }
        #expect(driver.log == Array(repeating: "wait", count: 9))
        driver.pass(seconds: 1)
        #expect(driver.log.suffix(2) == ["refuse 408 the request took too long", "finish"])
    }

    @Test func silenceBeforeTheFirstByteIsClosedWithoutAWord() {
        var driver = ConversationDriver()
        driver.pass(seconds: 10)
        #expect(driver.log == ["close"])
    }

    @Test func anIdleConnectionIsClosedAfterItsTime() {
        var driver = ConversationDriver()
        driver.feed("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        driver.pass(seconds: 29)
        driver.pass(seconds: 1)
        #expect(driver.log == ["GET /", "wait", "close"])
    }

    /// Bytes of a body of 100 000 and seconds between them, and when it is given up.
    @Test(
        arguments: [
            ([], 5), ([(1_000, 1)], 7), ([(1, 4), (1, 0.9), (1, 0.1)], 5.006), ([(2_500, 4), (2_500, 4)], 15),
            // So fast that the whole body's own deadline comes first.
            ([(20_000, 1), (20_000, 20)], 30),
        ] as [([(Int, Double)], Double)])
    func aBodyHasADeadlineThatItsPaceMoves(_ pieces: [(bytes: Int, after: Double)], _ givenUpSeconds: Double) {
        var driver = ConversationDriver()
        driver.feed("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n")
        for piece in pieces {
            driver.pass(seconds: piece.after)
            driver.feed(Array(repeating: 97, count: piece.bytes))
        }
        #expect(driver.machine.deadline == Int64(givenUpSeconds * 1e9))
        #expect(driver.log.allSatisfy { $0 == "wait" })
        driver.pass(seconds: givenUpSeconds - Double(driver.now) / 1e9 + 1e-6)
        #expect(driver.log.suffix(2) == ["refuse 408 the request took too long", "finish"])
    }

    @Test func anAnswerMustComeInTime() {
        var machine = ServerConnectionMachine(limits: HTTPLimits(), now: 0)
        Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8).withUnsafeBytes { machine.bytesArrived($0, now: 0) }
        guard case .serve = machine.next(waitingOutputBytes: 0, now: 0) else { return #expect(Bool(false)) }
        machine.answerDeferred(now: 0)
        guard case .wait = machine.deadlinePassed(now: 59_000_000_000) else { return #expect(Bool(false)) }
        guard case .refuse(.serviceUnavailable, _) = machine.deadlinePassed(now: 60_000_000_000) else {
            return #expect(Bool(false))
        }
    }

    /// Looks every 20 s: what has been sent until then, what of it still waits in the kernel, and whether the peer stays.
    @Test(
        arguments: [
            ("takes nothing", [(1_000_000, 1_000_000, false)]), ("takes a byte", [(1_000_001, 1_000_000, false)]),
            ("takes just too little", [(1_000_000, 989_761, false)]),
            ("takes just enough", [(1_000_000, 989_760, true)]),
            // A kernel queue that took megabytes at once is no merit of the peer's.
            ("drips", [(4_000_000, 3_900_000, true), (4_000_000, 3_899_980, false)]),
            ("is slow and steady", [(500_000, 480_000, true), (500_000, 460_000, true), (900_000, 840_000, true)]),
        ] as [(String, [(Int, Int, Bool)])])
    func aPeerMustTakeItsAnswer(_ kind: String, _ looks: [(moved: Int, undelivered: Int, stays: Bool)]) {
        var pace = AnswerPace()
        let limits = HTTPLimits()
        let second: Int64 = 1_000_000_000
        var moved = 0
        for (index, look) in looks.enumerated() {
            pace.offered(
                movedBytes: look.moved - moved, waitingBytes: 1, limits: limits, now: Int64(index) * 20 * second)
            moved = look.moved
            #expect(pace.deadline == Int64(index + 1) * 20 * second)
            let early = pace.isTooSlow(undeliveredBytes: 0, limits: limits, now: pace.deadline! - 1)
            #expect(!early)
            let slow = pace.isTooSlow(undeliveredBytes: look.undelivered, limits: limits, now: pace.deadline!)
            #expect(slow == !look.stays, "\(kind), look \(index)")
        }
    }

    @Test func aPeerThatTakesTooLittleIsClosed() {
        var machine = ServerConnectionMachine(limits: HTTPLimits(), now: 0)
        let second: Int64 = 1_000_000_000
        Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8).withUnsafeBytes { machine.bytesArrived($0, now: 9 * second) }
        guard case .serve = machine.next(waitingOutputBytes: 0, now: 9 * second) else { return #expect(Bool(false)) }
        machine.outputOffered(movedBytes: 10, waitingBytes: 90, now: 9 * second)
        machine.outputOffered(movedBytes: 0, waitingBytes: 90, now: 11 * second)
        machine.outputOffered(movedBytes: 1, waitingBytes: 89, now: 28 * second)
        #expect(machine.deadline == 29 * second)
        #expect(machine.standing == .busy)
        guard case .close = machine.deadlinePassed(now: 29 * second) else { return #expect(Bool(false)) }
    }

    @Test func knowsHowItStands() {
        var driver = ConversationDriver()
        #expect(driver.machine.standing == .readingHead(sinceNanoseconds: 0))
        driver.pass(seconds: 2)
        driver.feed("GET / HT")
        #expect(driver.machine.standing == .readingHead(sinceNanoseconds: 0))
        driver.feed("TP/1.1\r\nHost: x\r\n\r\n")
        #expect(driver.machine.standing == .idle(sinceNanoseconds: 2_000_000_000))
        driver.pass(seconds: 3)
        driver.feed("POST / HTTP/1.1\r\n")
        #expect(driver.machine.standing == .readingHead(sinceNanoseconds: 5_000_000_000))
        driver.feed("Host: x\r\nContent-Length: 5\r\n\r\n")
        #expect(driver.machine.standing == .busy)
    }

    @Test func readsNoMoreThanAHeadBehindAnAnswerThatWaits() {
        var machine = ServerConnectionMachine(limits: HTTPLimits(), now: 0)
        let request = Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8)
        var offered = 0
        while machine.wantsInput && offered < 10_000_000 {
            request.withUnsafeBytes { machine.bytesArrived($0, now: 0) }
            _ = machine.next(waitingOutputBytes: HTTPLimits().outputBytesMax + 1, now: 0)
            offered += request.count
        }
        #expect(offered <= HTTPLimits().headBytesMax + request.count)
    }

    @Test(arguments: [
        ("head", "431 headTooLarge"), ("headers", "431 tooManyHeaders"), ("target", "414 targetTooLong"),
        ("line", "414 targetTooLong"), ("length", "413 bodyTooLarge"), ("chunks", "413 bodyTooLarge"),
    ])
    func limitsHaveTheirOwnAnswers(_ kind: String, _ refusal: String) {
        let start = "GET / HTTP/1.1\r\nHost: x\r\n"
        let text =
            switch kind {
            case "head": start + "Cookie: " + String(repeating: "a", count: 20_000)
            case "headers": start + String(repeating: "A: b\r\n", count: 100) + "\r\n"
            case "target": "GET /" + String(repeating: "a", count: 4_096) + " HTTP/1.1\r\nHost: x\r\n\r\n"
            case "line": "GET /" + String(repeating: "a", count: 20_000)
            case "length": "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1048577\r\n\r\n"
            default:
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n100001\r\n"
                    + String(repeating: "a", count: 1_048_577)
            }
        for pieceBytes in [1_000, .max] {
            var driver = ConversationDriver()
            var rest = Array(text.utf8)[...]
            while !rest.isEmpty && driver.log.isEmpty {
                driver.feed(Array(rest.prefix(pieceBytes)))
                rest = rest.dropFirst(pieceBytes)
            }
            #expect(driver.log == ["refuse \(refusal)", "finish"])
        }
    }

    @Test func aHeadOfExactlyTheLimitsIsTaken() {
        var limits = HTTPLimits()
        let target = "/" + String(repeating: "a", count: 4_095)
        var text = "GET \(target) HTTP/1.1\r\nHost: x\r\n" + String(repeating: "A: b\r\n", count: 98)
        text += "B: " + String(repeating: "b", count: 16_384 - text.utf8.count - 7) + "\r\n\r\n"
        #expect(text.utf8.count == limits.headBytesMax)
        var driver = ConversationDriver(limits)
        driver.feed(text)
        #expect(driver.log == ["GET \(target)"])
        limits.headBytesMax -= 1
        var tight = ConversationDriver(limits)
        tight.feed(text)
        #expect(tight.log.first == "refuse 431 headTooLarge")
    }

    @Test func tooManyRequestsEndTheConnection() {
        var limits = HTTPLimits()
        limits.requestsPerConnectionMax = 2
        var driver = ConversationDriver(limits)
        driver.feed(String(repeating: "GET / HTTP/1.1\r\nHost: x\r\n\r\n", count: 3))
        #expect(driver.log == ["GET /", "GET /", "finish"])
    }
}
