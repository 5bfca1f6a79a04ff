/// Writes JSON text piece by piece, with commas and escapes seen to.
///
/// ```swift
/// var json = JSONWriter()
/// json.object { json in
///     json.field("name", "Forever")
///     json.array("bitrates") { json in json.value(128) }
/// }
/// ```
public struct JSONWriter {
    /// The text so far.
    public private(set) var bytes: [UInt8] = []
    private var needsComma = false

    public init() {}

    // MARK: Containers

    public mutating func object(_ body: (inout JSONWriter) -> Void) { container("{", "}", body) }
    public mutating func array(_ body: (inout JSONWriter) -> Void) { container("[", "]", body) }

    public mutating func object(_ name: String, _ body: (inout JSONWriter) -> Void) {
        key(name)
        object(body)
    }

    public mutating func array(_ name: String, _ body: (inout JSONWriter) -> Void) {
        key(name)
        array(body)
    }

    private mutating func container(_ open: Character, _ close: Character, _ body: (inout JSONWriter) -> Void) {
        separate()
        bytes.append(open.asciiValue!)
        needsComma = false
        body(&self)
        bytes.append(close.asciiValue!)
        needsComma = true
    }

    // MARK: Fields of an object; nil is written as null

    public mutating func field(_ name: String, _ text: String?) {
        key(name)
        value(text)
    }

    public mutating func field(_ name: String, _ number: (some BinaryInteger)?) {
        key(name)
        value(number)
    }

    public mutating func field(_ name: String, _ number: Double?) {
        key(name)
        value(number)
    }

    public mutating func field(_ name: String, _ flag: Bool) {
        key(name)
        value(flag)
    }

    public mutating func null(_ name: String) {
        key(name)
        literal("null")
    }

    /// A field whose value is JSON text already.
    public mutating func field(_ name: String, json: [UInt8]) {
        key(name)
        value(json: json)
    }

    // MARK: Values

    public mutating func value(_ text: String?) {
        guard let text else { return literal("null") }
        separate()
        quoted(text)
        needsComma = true
    }

    public mutating func value(_ number: (some BinaryInteger)?) { literal(number.map { String($0) } ?? "null") }

    /// A number that JSON cannot write, such as infinity, is null.
    public mutating func value(_ number: Double?) {
        guard let number, number.isFinite else { return literal("null") }
        literal(number == number.rounded() && abs(number) < 1e15 ? String(Int64(number)) : "\(number)")
    }

    public mutating func value(_ flag: Bool) { literal(flag ? "true" : "false") }

    public mutating func value(json: [UInt8]) {
        separate()
        bytes += json
        needsComma = true
    }

    private mutating func key(_ name: String) {
        separate()
        quoted(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = false
    }

    private mutating func literal(_ text: String) {
        separate()
        bytes += text.utf8
        needsComma = true
    }

    /// RFC 8259 section 7. `<` is escaped too, so that the text can stand inside a page.
    private mutating func quoted(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): bytes += "\\\"".utf8
            case UInt8(ascii: "\\"): bytes += "\\\\".utf8
            case 10: bytes += "\\n".utf8
            case 13: bytes += "\\r".utf8
            case 9: bytes += "\\t".utf8
            case 0..<32, UInt8(ascii: "<"), 127:
                bytes += "\\u00".utf8
                for nibble in [byte >> 4, byte & 15] { bytes.append(nibble < 10 ? 48 + nibble : 87 + nibble) }
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
