import ForeverHTTP

/// What `ReplyReader` promises.
enum ResponsePromises {
    struct Outcome: Hashable {
        var head: ResponseHead?
        var body: [UInt8] = []
        /// The reader said by itself that the reply is over.
        var ends = 0
        var error: ParseError?
        /// What `inputEnded` said.
        var isWhole = false
    }

    static func check(_ input: FuzzInput) throws(BrokenPromise) {
        let method: Method = input.option(1) ? .HEAD : .GET
        let whole = try outcome(input, method, .whole)
        for cutting in Cutting.others(input) {
            let other = try outcome(input, method, cutting)
            try promise(other == whole, "\(cutting): \(other), whole: \(whole)")
        }
        try checkFraming(whole, method, input.payload)
    }

    private static func outcome(_ input: FuzzInput, _ method: Method, _ cutting: Cutting)
        throws(BrokenPromise) -> Outcome
    {
        let small = input.option(0)
        var reader = ReplyReader(
            method: method, headBytesMax: small ? 100 : 16_384, headerCountMax: small ? 3 : 100)
        var outcome = Outcome()
        var fault: String?
        func emit(_ event: ReplyReader.Event) {
            if outcome.ends > 0 { fault = "an event after the end" }
            switch event {
            case .head(let head):
                if outcome.head != nil { fault = "two heads" }
                outcome.head = head
            case .body(let bytes):
                if outcome.head == nil || bytes.isEmpty { fault = "a body too early, or an empty piece" }
                outcome.body += bytes
            case .end: outcome.ends += 1
            }
        }
        try cutting.feed(input.payload) { piece throws(BrokenPromise) in
            do throws(ParseError) {
                try reader.take(piece, emit: emit)
                return true
            } catch {
                outcome.error = error
                return false
            }
        }
        if outcome.error == nil { outcome.isWhole = reader.inputEnded(emit: emit) }
        try promise(fault == nil, fault ?? "")
        return outcome
    }

    private static func checkFraming(_ outcome: Outcome, _ method: Method, _ payload: UnsafeRawBufferPointer)
        throws(BrokenPromise)
    {
        try promise(outcome.isWhole == (outcome.ends == 1), "\(outcome.ends) ends")
        try promise(outcome.error == nil || !outcome.isWhole, "an error in a whole reply")
        guard let head = outcome.head else { return }
        try promise(head.status.code >= 200 && head.status.code <= 999, "status \(head.status.code)")
        let bodiless = method == .HEAD || head.status.code == 204 || head.status.code == 304
        if bodiless { try promise(outcome.body.isEmpty && outcome.isWhole, "a body where none can be") }
        guard !bodiless, outcome.error == nil else { return }
        let chunked = head.headers.contains("Transfer-Encoding")
        if let text = head.headers["Content-Length"], let length = Int(text) {
            try promise(!chunked && outcome.body.count <= length, "longer than \(length)")
            try promise(outcome.isWhole == (outcome.body.count == length), "\(outcome.body.count) of \(length)")
        } else if !chunked {
            let isRest = payload.suffix(outcome.body.count).elementsEqual(outcome.body)
            try promise(outcome.isWhole && isRest, "until close")
        }
    }
}
