import ForeverRelay

/// What `JSONParser` promises.
enum JSONPromises {
    static func check(_ input: FuzzInput) throws(BrokenPromise) {
        let bytes = Array(input.payload)
        let strict = outcome(bytes, comments: false)
        let relaxed = outcome(bytes, comments: true)
        switch strict {
        case .success(let value):
            try promise(PlainJSON.accepts(bytes), "a plain reader refuses it")
            try promise(relaxed == strict, "with comments allowed it is another value")
            try promise(depth(value) <= JSONParser.depthMax, "nested deeper than the limit")
            try checkSaidAgain(value)
        case .failure(let error):
            try promise((1...bytes.count + 1).contains(error.line), "line \(error.line)")
            // Three refusals are about more than grammar.
            let isLimit = ["twice", "nested", "range"].contains { error.reason.contains($0) }
            if !isLimit { try promise(!PlainJSON.accepts(bytes), "refused: \(error)") }
            if case .success(let value) = relaxed { try checkSaidAgain(value) }
        }
    }

    private static func outcome(_ bytes: [UInt8], comments: Bool) -> Result<JSONValue, JSONError> {
        do throws(JSONError) {
            return .success(try JSONParser.parse(bytes, comments: comments))
        } catch {
            return .failure(error)
        }
    }

    /// Containers within containers.
    private static func depth(_ value: JSONValue) -> Int {
        switch value {
        case .array(let values): 1 + (values.map(depth).max() ?? 0)
        case .object(let members): 1 + (members.map { depth($0.value) }.max() ?? 0)
        default: 0
        }
    }

    /// What is written is read again, and written the same.
    private static func checkSaidAgain(_ value: JSONValue) throws(BrokenPromise) {
        let text = value.bytes
        guard case .success(let again) = outcome(text, comments: false) else {
            throw BrokenPromise(description: "cannot read its own \(value.line)")
        }
        try promise(again.bytes == text, "\(value.line) comes back as \(again.line)")
    }
}
