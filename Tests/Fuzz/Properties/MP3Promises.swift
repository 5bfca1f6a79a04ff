import ForeverRelay

/// What `MP3FrameParser`, `MP3FrameHeader` and a relay's `FrameGate` promise.
enum MP3Promises {
    struct Outcome: Hashable {
        var frames: [MP3FrameParser.Frame] = []
        var skippedBytes: Int64 = 0
    }

    static func check(_ input: FuzzInput) throws(BrokenPromise) {
        let start = StreamPosition(input.options) * 1_000
        let whole = try outcome(input.payload, start, .whole)
        for cutting in Cutting.others(input) {
            let other = try outcome(input.payload, start, cutting)
            try promise(other == whole, "\(cutting): \(other), whole: \(whole)")
        }
        try checkFrames(whole, input.payload, start)
        try checkGate(input)
    }

    private static func outcome(_ bytes: UnsafeRawBufferPointer, _ start: StreamPosition, _ cutting: Cutting)
        throws(BrokenPromise) -> Outcome
    {
        var parser = MP3FrameParser(startingAt: start)
        var outcome = Outcome()
        try cutting.feed(bytes) { piece throws(BrokenPromise) in
            outcome.frames += parser.append(piece)
            return true
        }
        outcome.skippedBytes = parser.skippedBytes
        return outcome
    }

    private static func header(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> MP3FrameHeader? {
        guard index >= 0, index + 4 <= bytes.count else { return nil }
        return MP3FrameHeader(bytes[index], bytes[index + 1], bytes[index + 2], bytes[index + 3])
    }

    /// Frames are where their headers are, each begun by agreement with a neighbour; every byte is a frame's, skipped,
    /// or one of the last two frames'; and no provable frame is skipped.
    private static func checkFrames(_ outcome: Outcome, _ bytes: UnsafeRawBufferPointer, _ start: StreamPosition)
        throws(BrokenPromise)
    {
        var end = 0
        var gaps: Int64 = 0
        var kind: MP3FrameHeader?
        for frame in outcome.frames {
            let index = Int(frame.position - start)
            try promise(index >= end, "frames overlap at \(index)")
            try promise(header(bytes, index) == frame.header, "no such header at \(index)")
            try checkHeader(frame.header, padding: Int(bytes[index + 2] >> 1) & 1)
            try checkSkipped(bytes, end..<index)
            gaps += Int64(index - end)
            if index > end { kind = nil }
            if kind.map({ frame.header.continues($0) }) != true {
                let next = header(bytes, index + frame.header.frameBytes)
                try promise(next?.continues(frame.header) == true, "nothing agrees with the frame at \(index)")
            }
            kind = frame.header
            end = index + frame.header.frameBytes
        }
        // Damage may end the last frame early: its promised length is then all there is to say about it.
        let tail = outcome.skippedBytes - gaps
        let pending = Int64(bytes.count - min(end, bytes.count)) - tail
        try promise(tail >= 0 && pending >= 0, "skipped \(outcome.skippedBytes), gaps \(gaps)")
        try promise(pending < 2 * MP3FrameParser.frameBytesMax, "\(pending) bytes are held")
        try checkSkipped(bytes, min(end, bytes.count)..<min(end + Int(tail), bytes.count))
    }

    private static func checkSkipped(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) throws(BrokenPromise) {
        for index in range {
            guard let header = header(bytes, index) else { continue }
            let next = self.header(bytes, index + header.frameBytes)
            try promise(next?.continues(header) != true, "a frame at \(index) was skipped")
        }
    }

    /// A frame lasts its samples at its bit rate, rounded down to whole bytes.
    private static func checkHeader(_ header: MP3FrameHeader, padding: Int) throws(BrokenPromise) {
        let samplesEighth = header.version == 1 ? 144 : 72
        let bytes = (header.frameBytes - padding) * header.sampleRateHz
        let exact = samplesEighth * 1_000 * header.bitrateKbps
        try promise(bytes <= exact && exact < bytes + header.sampleRateHz, "\(header)")
        try promise((24...MP3FrameParser.frameBytesMax).contains(header.frameBytes), "\(header)")
    }

    /// The gate says yes exactly when every frame start that the bytes reach looks like one, however they are cut.
    private static func checkGate(_ input: FuzzInput) throws(BrokenPromise) {
        let rates = StreamFormat.bitratesKbps
        guard let format = StreamFormat(bitrateKbps: rates[Int(input.options) % rates.count]) else { return }
        let gate = FrameGate(format: format)
        let start = StreamPosition(input.cuts)
        let right = input.payload.indices.allSatisfy { index in
            switch (start + Int64(index)) % format.frameBytes {
            case 0: input.payload[index] == 0xFF
            case 1: input.payload[index] == 0xFA || input.payload[index] == 0xFB
            default: true
            }
        }
        for cutting in [.whole] + Cutting.others(input) {
            var position = start
            var accepted = true
            try cutting.feed(input.payload) { piece throws(BrokenPromise) in
                accepted = gate.accepts(piece, at: position)
                position += Int64(piece.count)
                return accepted
            }
            try promise(accepted == right, "gate, \(cutting): \(accepted)")
        }
    }
}
