import ForeverRelay
import Testing

@Suite struct BackoffTests {
    @Test func doublesWithJitterUpToALimit() {
        var generator = SeededGenerator(1)
        var backoff = Backoff()
        var full = Backoff.firstSeconds
        for number in 1...70 {
            let wait = backoff.next(using: &generator)
            #expect(wait >= full / 2 && wait <= full)
            let limit = number < Backoff.patientFailures ? Backoff.impatientSecondsMax : Backoff.secondsMax
            full = min(Backoff.firstSeconds * Double(1 << min(number, 10)), limit)
        }
        #expect(full == Backoff.secondsMax)
        backoff.reset()
        #expect(backoff.next(using: &generator) <= Backoff.firstSeconds)
    }
}

@Suite struct FrameGateTests {
    private let stream = TestStream()
    private let gate = FrameGate(format: TestStream.format)

    @Test func letsTheStreamThroughInAnyPieces() {
        var generator = SeededGenerator(2)
        var position: StreamPosition = 0
        while position < 100_000 {
            let next = position + Int64.random(in: 1...800, using: &generator)
            #expect(stream.bytes(position, next).withUnsafeBytes { gate.accepts($0, at: position) })
            position = next
        }
    }

    @Test func stopsWhatIsShifted() {
        for shift in 1..<384 {
            let bytes = stream.bytes(Int64(shift), Int64(shift) + 800)
            #expect(!bytes.withUnsafeBytes { gate.accepts($0, at: 0) })
        }
        #expect(![UInt8(0x00)].withUnsafeBytes { gate.accepts($0, at: 385) }, "a frame's second byte alone")
    }
}

@Suite struct EventStreamReaderTests {
    private let text =
        ": hello\r\n\r\nevent: a\ndata: one\ndata:two\nid: 5\n\ndata: é\n\nevent: none\n\nevent: b\rdata: c\r\r"

    @Test func readsTheSameFromAnyPieces() {
        var generator = SeededGenerator(8)
        let bytes = Array(text.utf8)
        for _ in 0..<100 {
            var reader = EventStreamReader()
            var found: [String] = []
            var index = 0
            while index < bytes.count {
                let end = min(bytes.count, index + Int.random(in: 1...9, using: &generator))
                let messages = bytes[index..<end].withUnsafeBytes { reader.append($0) } ?? []
                found += messages.map { "\($0.event)=\(String(decoding: $0.data, as: UTF8.self))" }
                index = end
            }
            #expect(found == ["a=one\ntwo", "message=é", "b=c"])
        }
    }

    @Test func isBounded() {
        var reader = EventStreamReader()
        let piece = Array(repeating: UInt8(ascii: "x"), count: EventStreamReader.messageBytesMax + 1)
        #expect(piece.withUnsafeBytes { reader.append($0) } == nil)
    }

    @Test func aRefusalTakesNothingFromWhatCameBeforeIt() {
        var reader = EventStreamReader(messageBytesMax: 20)
        let bytes = Array("data: a\n\ndata: 0123456789012345\n\ndata: b\n\n".utf8)
        #expect(bytes.withUnsafeBytes { reader.append($0) }?.map(\.data) == [[UInt8(ascii: "a")]])
        #expect(bytes.withUnsafeBytes { reader.append($0) } == nil)
        #expect([UInt8]().withUnsafeBytes { reader.append($0) } == nil)
    }

    @Test func aByteOrderMarkIsPassedOver() {
        var reader = EventStreamReader()
        let bytes = Array("\u{feff}data: a\n\n\u{feff}data: b\n\n".utf8)
        #expect(bytes.withUnsafeBytes { reader.append($0) }?.map(\.data) == [[UInt8(ascii: "a")]])
    }
}
