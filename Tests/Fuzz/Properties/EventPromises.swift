import ForeverRelay

/// What `EventStreamReader` promises.
enum EventPromises {
    struct Outcome: Hashable {
        var messages: [PlainEvents.Message] = []
        var isTooLarge = false
    }

    static func check(_ input: FuzzInput) throws(BrokenPromise) {
        let bytesMax = input.option(0) ? 24 : EventStreamReader.messageBytesMax
        let whole = try outcome(input.payload, bytesMax, .whole)
        for cutting in Cutting.others(input) {
            let other = try outcome(input.payload, bytesMax, cutting)
            try promise(other == whole, "\(cutting): \(other), whole: \(whole)")
        }
        let plain = PlainEvents.read(Array(input.payload))
        if whole.isTooLarge {
            try promise(plain.starts(with: whole.messages), "before the refusal: \(whole.messages)")
        } else {
            try promise(plain == whole.messages, "a plain reader finds \(plain), ours \(whole.messages)")
        }
        try promise(whole.messages.allSatisfy { $0.data.count <= bytesMax }, "a message beyond its limit")
    }

    private static func outcome(_ bytes: UnsafeRawBufferPointer, _ bytesMax: Int, _ cutting: Cutting)
        throws(BrokenPromise) -> Outcome
    {
        var reader = EventStreamReader(messageBytesMax: bytesMax)
        var outcome = Outcome()
        func take(_ piece: UnsafeRawBufferPointer) -> Bool {
            guard let messages = reader.append(piece) else {
                outcome.isTooLarge = true
                return false
            }
            outcome.messages += messages.map { PlainEvents.Message(event: $0.event, data: $0.data) }
            return true
        }
        try cutting.feed(bytes) { piece throws(BrokenPromise) in take(piece) }
        // A refusal may wait behind messages that came with the same piece.
        if !outcome.isTooLarge { _ = take(UnsafeRawBufferPointer(start: nil, count: 0)) }
        return outcome
    }
}
