import ForeverHTTP
import ForeverTestKit
import Testing

struct CorpusTests {
    /// What becomes of a conversation: requests as words, and the reason of a refusal.
    private func outcome(_ pieces: [ArraySlice<UInt8>]) -> String {
        var driver = ConversationDriver()
        for piece in pieces { driver.feed(Array(piece)) }
        return driver.log.filter { $0 != "finish" && $0 != "continue" }.joined(separator: " | ")
    }

    private func refusal(_ name: String) -> String? {
        ParseError(rawValue: name).map { "refuse \($0.status.code) \(name)" }
    }

    private func everyCut(_ bytes: [UInt8], _ outcome: ([ArraySlice<UInt8>]) -> String, _ expected: String) {
        #expect(outcome([bytes[...]]) == expected)
        // Long cases are about limits: a cut near their ends and a few within say all.
        let cuts = bytes.count < 1_000 ? Array(0..<bytes.count) : Array(0..<150) + [1_000, 4_000, bytes.count - 1]
        for cut in cuts {
            let result = outcome([bytes[..<cut], bytes[cut...]])
            if result != expected {
                Issue.record("cut at \(cut): \(result)")
                return
            }
        }
        #expect(outcome(bytes.indices.map { bytes[$0...$0] }) == expected, "byte by byte")
        for seed in 0..<100 {
            var random = SeededRandom(seed: UInt64(seed))
            var rest = bytes[...]
            var pieces: [ArraySlice<UInt8>] = []
            while !rest.isEmpty {
                pieces.append(rest.prefix(Int.random(in: 1...max(1, bytes.count / 4), using: &random)))
                rest = rest.dropFirst(pieces.last!.count)
            }
            #expect(outcome(pieces) == expected, "cut by seed \(seed)")
        }
    }

    @Test(arguments: CorpusCase.all("accept"))
    func isAccepted(_ item: CorpusCase) {
        everyCut(item.bytes, outcome, item.expected)
    }

    @Test(arguments: CorpusCase.all("reject") + CorpusCase.all("chunked"))
    func isRejected(_ item: CorpusCase) throws {
        everyCut(item.bytes, outcome, try #require(refusal(item.expected)))
    }

    @Test(arguments: CorpusCase.all("response"))
    func replyIsRead(_ item: CorpusCase) {
        everyCut(item.bytes, replyOutcome, item.expected)
    }

    private func replyOutcome(_ pieces: [ArraySlice<UInt8>]) -> String {
        var reader = ReplyReader(method: .GET, headBytesMax: 16_384, headerCountMax: 100)
        var text = ""
        func emit(_ event: ReplyReader.Event) {
            switch event {
            case .head(let head): text += "\(head.status.code)"
            case .body(let bytes): text += (text.contains(" ") ? "" : " ") + String(decoding: bytes, as: UTF8.self)
            case .end: break
            }
        }
        for piece in pieces {
            do throws(ParseError) {
                try Array(piece).withUnsafeBufferPointer { buffer throws(ParseError) in
                    try reader.take(UnsafeRawBufferPointer(buffer), emit: emit)
                }
            } catch {
                return error.rawValue
            }
        }
        return reader.inputEnded(emit: emit) ? text : "endedEarly"
    }

    /// Every rule has its case; those about sizes are in `ServerConnectionMachineTests`.
    @Test func everyRuleHasACase() {
        let covered = Set(
            (CorpusCase.all("reject") + CorpusCase.all("chunked") + CorpusCase.all("response")).map(\.expected))
        let limits: Set<ParseError> = [
            .headTooLarge, .tooManyHeaders, .targetTooLong, .bodyTooLarge, .unknownExpectation,
        ]
        for rule in ParseError.allCases where !limits.contains(rule) {
            #expect(covered.contains(rule.rawValue), "\(rule)")
        }
        #expect(CorpusCase.all("accept").count >= 20)
    }

    /// Every case against a page that may not be touched, behind it and before it: a byte read too far ends the program.
    @Test(arguments: GuardedBytes.Side.allCases)
    func readsNothingBeyondItsBytes(side: GuardedBytes.Side) {
        for item in CorpusCase.all("accept") + CorpusCase.all("reject") + CorpusCase.all("chunked") {
            GuardedBytes.with(item.bytes, forbidden: side) { readHead($0) }
        }
        for item in CorpusCase.all("response") {
            GuardedBytes.with(item.bytes, forbidden: side) { bytes in
                var reader = ReplyReader(method: .GET, headBytesMax: 16_384, headerCountMax: 100)
                try? reader.take(bytes) { _ in }
            }
        }
    }

    /// Scanner, head and chunks straight from the guarded bytes; the connection's machine would copy them first.
    private func readHead(_ bytes: UnsafeRawBufferPointer) {
        var scanner = HeadScanner(bytesMax: 16_384, targetBytesMax: 4_096, headersMax: 100)
        var decoder = ChunkedDecoder()
        do throws(ParseError) {
            guard let end = try scanner.scan(bytes) else { return }
            let head = UnsafeRawBufferPointer(rebasing: bytes[scanner.leadingBytes..<end])
            _ = try HeadParser.request(head, limits: HTTPLimits())
            _ = try decoder.decode(UnsafeRawBufferPointer(rebasing: bytes[end...])) { _ in }
        } catch {}
    }
}
