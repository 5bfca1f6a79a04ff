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
