import ForeverHTTP

/// What `ChunkedDecoder` promises.
enum ChunkedPromises {
    struct Outcome: Hashable {
        var body: [UInt8] = []
        var error: ParseError?
        /// Bytes of the input that were the body's, when it was whole.
        var used: Int?
    }

    static func check(_ input: FuzzInput) throws(BrokenPromise) {
        let whole = outcome(of: input.payload, .whole)
        for cutting in Cutting.others(input) {
            let other = outcome(of: input.payload, cutting)
            try promise(other == whole, "\(cutting): \(other), whole: \(whole)")
        }
        if whole.error != .chunkOverhead {
            let (body, used) = PlainChunks.read(Array(input.payload)) ?? ([], -1)
            try promise(whole.used == (used < 0 ? nil : used), "used \(whole.used ?? -1), a plain reader \(used)")
            if used >= 0 { try promise(whole.body == body, "another body than a plain reader's") }
        }
        try checkRoundTrip(input)
    }

    static func outcome(of bytes: UnsafeRawBufferPointer, _ cutting: Cutting) -> Outcome {
        var decoder = ChunkedDecoder()
        var outcome = Outcome()
        var used = 0
        try? cutting.feed(bytes) { piece throws(BrokenPromise) in
            do throws(ParseError) {
                used += try decoder.decode(piece) { run throws(ParseError) in outcome.body += run }
            } catch {
                outcome.error = error
            }
            return outcome.error == nil && !decoder.isDone
        }
        if decoder.isDone { outcome.used = used }
        return outcome
    }

    /// What was put into chunks comes out again, and what follows is left alone.
    private static func checkRoundTrip(_ input: FuzzInput) throws(BrokenPromise) {
        var random = SeededBytes(seed: UInt64(input.options))
        var coded: [UInt8] = []
        var rest = input.payload[...]
        while !rest.isEmpty {
            let chunk = rest.prefix(1 + Int(random.next() % 40))
            rest = rest.dropFirst(chunk.count)
            coded += String(chunk.count, radix: 16, uppercase: random.next() & 1 == 0).utf8
            coded += (random.next() % 4 == 0 ? ";x=\"\u{e9}\"\r\n" : "\r\n").utf8
            coded += chunk
            coded += "\r\n".utf8
        }
        coded += (random.next() & 1 == 0 ? "0\r\n\r\n" : "000\r\nDigest: x\r\n\r\n").utf8
        let length = coded.count
        coded += input.payload.prefix(8)
        let back = coded.withUnsafeBytes { outcome(of: $0, .seeded(UInt64(input.cuts))) }
        try promise(back.body.elementsEqual(input.payload) && back.used == length, "round trip: \(back)")
    }
}
