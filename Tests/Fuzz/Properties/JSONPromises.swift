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

/// RFC 8259's grammar, and nothing but yes or no: written apart from `JSONParser`.
enum PlainJSON {
    static func accepts(_ bytes: [UInt8]) -> Bool {
        guard String(validating: bytes, as: UTF8.self) != nil else { return false }
        var rest = bytes[...]
        guard value(&rest, 0) else { return false }
        space(&rest)
        return rest.isEmpty
    }

    private static func space(_ rest: inout ArraySlice<UInt8>) { rest = rest.drop { [32, 9, 10, 13].contains($0) } }

    private static func take(_ rest: inout ArraySlice<UInt8>, _ text: String) -> Bool {
        guard rest.starts(with: text.utf8) else { return false }
        rest = rest.dropFirst(text.utf8.count)
        return true
    }

    private static func value(_ rest: inout ArraySlice<UInt8>, _ depth: Int) -> Bool {
        // Far beyond the parser's own limit, so that the two are told apart.
        guard depth < 500 else { return false }
        space(&rest)
        switch rest.first {
        case UInt8(ascii: "{"): return list(&rest, depth, "}", named: true)
        case UInt8(ascii: "["): return list(&rest, depth, "]", named: false)
        case UInt8(ascii: "\""): return string(&rest)
        case UInt8(ascii: "t"): return take(&rest, "true")
        case UInt8(ascii: "f"): return take(&rest, "false")
        case UInt8(ascii: "n"): return take(&rest, "null")
        default: return number(&rest)
        }
    }

    private static func list(_ rest: inout ArraySlice<UInt8>, _ depth: Int, _ close: String, named: Bool) -> Bool {
        rest = rest.dropFirst()
        space(&rest)
        if take(&rest, close) { return true }
        repeat {
            space(&rest)
            if named {
                guard string(&rest) else { return false }
                space(&rest)
                guard take(&rest, ":") else { return false }
            }
            guard value(&rest, depth + 1) else { return false }
            space(&rest)
        } while take(&rest, ",")
        return take(&rest, close)
    }

    private static func number(_ rest: inout ArraySlice<UInt8>) -> Bool {
        _ = take(&rest, "-")
        let leadingZero = rest.first == UInt8(ascii: "0")
        let whole = digits(&rest)
        guard whole > 0, !leadingZero || whole == 1 else { return false }
        if take(&rest, "."), digits(&rest) == 0 { return false }
        if take(&rest, "e") || take(&rest, "E") {
            if !take(&rest, "+") { _ = take(&rest, "-") }
            if digits(&rest) == 0 { return false }
        }
        return true
    }

    private static func digits(_ rest: inout ArraySlice<UInt8>) -> Int {
        let count = rest.prefix { (48...57).contains($0) }.count
        rest = rest.dropFirst(count)
        return count
    }

    private static func string(_ rest: inout ArraySlice<UInt8>) -> Bool {
        guard take(&rest, "\"") else { return false }
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\"") { return true }
            if byte < 32 { return false }
            guard byte == UInt8(ascii: "\\") else { continue }
            guard let kind = rest.popFirst() else { return false }
            if kind != UInt8(ascii: "u") {
                guard "\"\\/bfnrt".utf8.contains(kind) else { return false }
                continue
            }
            guard let first = hex(&rest) else { return false }
            switch first {
            case 0xDC00...0xDFFF: return false
            case 0xD800...0xDBFF:
                guard take(&rest, "\\u"), let second = hex(&rest), (0xDC00...0xDFFF).contains(second) else {
                    return false
                }
            default: break
            }
        }
        return false
    }

    private static func hex(_ rest: inout ArraySlice<UInt8>) -> Int? {
        let digits = rest.prefix(4)
        guard digits.count == 4, !digits.contains(where: { [43, 45].contains($0) }) else { return nil }
        rest = rest.dropFirst(4)
        return Int(String(decoding: digits, as: UTF8.self), radix: 16)
    }
}
