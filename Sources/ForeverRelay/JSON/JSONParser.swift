/// Why a text is not JSON, and where.
package struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
    package var reason: String
    package var line: Int

    package var description: String { "line \(line): \(reason)" }
}

/// Reads one JSON text.
///
/// With `comments`, `// …`, `/* … */` and a comma before a closing bracket are allowed, as people write in configuration files.
/// Nesting deeper than `depthMax` is refused, so a hostile text cannot exhaust the stack; a repeated name in an object is refused.
package struct JSONParser {
    package static let depthMax = 64

    private let bytes: [UInt8]
    private let allowsComments: Bool
    private var index = 0

    /// The value that the text holds; throws JSONError when it is anything else.
    package static func parse(_ bytes: [UInt8], comments: Bool = false) throws(JSONError) -> JSONValue {
        var parser = JSONParser(bytes: bytes, allowsComments: comments)
        try parser.skipSpace()
        let value = try parser.value(depth: 0)
        try parser.skipSpace()
        guard parser.index == bytes.count else { throw parser.error("something follows the value") }
        return value
    }

    private init(bytes: [UInt8], allowsComments: Bool) {
        self.bytes = bytes
        self.allowsComments = allowsComments
    }

    private func error(_ reason: String) -> JSONError {
        JSONError(reason: reason, line: 1 + bytes.prefix(index).count { $0 == 0x0A })
    }

    private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func take(_ byte: Character) -> Bool {
        guard next == byte.asciiValue else { return false }
        index += 1
        return true
    }

    private mutating func skipSpace() throws(JSONError) {
        while let byte = next {
            if byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
                index += 1
            } else if allowsComments, byte == UInt8(ascii: "/"), index + 1 < bytes.count {
                try skipComment()
            } else {
                return
            }
        }
    }

    private mutating func skipComment() throws(JSONError) {
        switch bytes[index + 1] {
        case UInt8(ascii: "/"):
            while let byte = next, byte != 0x0A { _ = byte; index += 1 }
        case UInt8(ascii: "*"):
            index += 2
            while index + 1 < bytes.count, !(bytes[index] == UInt8(ascii: "*") && bytes[index + 1] == UInt8(ascii: "/"))
            {
                index += 1
            }
            guard index + 1 < bytes.count else { throw error("a comment is not closed") }
            index += 2
        default:
            throw error("a single / stands where a value should")
        }
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        guard depth < Self.depthMax else { throw error("nested deeper than \(Self.depthMax)") }
        guard let byte = next else { throw error("the text ends too early") }
        switch byte {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func word(_ text: String, _ value: JSONValue) throws(JSONError) -> JSONValue {
        guard bytes[index...].starts(with: text.utf8) else { throw error("unknown word; true, false or null?") }
        index += text.utf8.count
        return value
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
        index += 1
        var members: [JSONMember] = []
        var names: Set<String> = []
        try skipSpace()
        if take("}") { return .object([]) }
        while true {
            try skipSpace()
            guard next == UInt8(ascii: "\"") else { throw error("a name in \" should stand here") }
            let name = try string()
            guard names.insert(name).inserted else { throw error("\"\(name)\" stands twice") }
            try skipSpace()
            guard take(":") else { throw error("a : is missing after \"\(name)\"") }
            try skipSpace()
            members.append(JSONMember(name: name, value: try value(depth: depth + 1)))
            try skipSpace()
            if take("}") { return .object(members) }
            guard take(",") else { throw error("a , or } is missing after \"\(name)\"") }
            try skipSpace()
            if allowsComments, take("}") { return .object(members) }
        }
    }

    private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
        index += 1
        var values: [JSONValue] = []
        try skipSpace()
        if take("]") { return .array([]) }
        while true {
            try skipSpace()
            values.append(try value(depth: depth + 1))
            try skipSpace()
            if take("]") { return .array(values) }
            guard take(",") else { throw error("a , or ] is missing") }
            try skipSpace()
            if allowsComments, take("]") { return .array(values) }
        }
    }

    private mutating func number() throws(JSONError) -> JSONValue {
        let start = index
        _ = take("-")
        let digitsStart = index
        digits()
        guard index > digitsStart else { throw error("this is no value") }
        if index - digitsStart > 1, bytes[digitsStart] == UInt8(ascii: "0") { throw error("a number starts with 0") }
        var isWhole = true
        if take(".") {
            isWhole = false
            let fraction = index
            digits()
            guard index > fraction else { throw error("digits are missing after the point") }
        }
        if take("e") || take("E") {
            isWhole = false
            if !take("+") { _ = take("-") }
            let exponent = index
            digits()
            guard index > exponent else { throw error("digits are missing in the exponent") }
        }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if isWhole, let whole = Int64(text) { return .integer(whole) }
        guard let number = Double(text), number.isFinite else { throw error("the number is out of range") }
        return .number(number)
    }

    private mutating func digits() {
        while let byte = next, (0x30...0x39).contains(byte) { _ = byte; index += 1 }
    }

    private mutating func string() throws(JSONError) -> String {
        index += 1
        var content: [UInt8] = []
        while let byte = next {
            index += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: content, as: UTF8.self) else {
                    throw error("a string is not UTF-8")
                }
                return text
            case UInt8(ascii: "\\"): try escape(into: &content)
            case 0..<0x20: throw error("a control character stands in a string")
            default: content.append(byte)
            }
        }
        throw error("a string is not closed")
    }

    private mutating func escape(into content: inout [UInt8]) throws(JSONError) {
        guard let byte = next else { throw error("a string is not closed") }
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(byte)
        case UInt8(ascii: "b"): content.append(8)
        case UInt8(ascii: "f"): content.append(12)
        case UInt8(ascii: "n"): content.append(10)
        case UInt8(ascii: "r"): content.append(13)
        case UInt8(ascii: "t"): content.append(9)
        case UInt8(ascii: "u"):
            var code = try hexadecimal()
            if (0xD800..<0xDC00).contains(code) {
                guard take("\\"), take("u") else { throw error("half a surrogate pair") }
                let low = try hexadecimal()
                guard (0xDC00..<0xE000).contains(low) else { throw error("half a surrogate pair") }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw error("half a surrogate pair") }
            content += Array(String(Character(scalar)).utf8)
        default: throw error("an unknown \\ escape")
        }
    }

    private mutating func hexadecimal() throws(JSONError) -> UInt32 {
        guard index + 4 <= bytes.count else { throw error("four digits are missing after \\u") }
        var code: UInt32 = 0
        for byte in bytes[index..<(index + 4)] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw error("four digits are missing after \\u")
            }
            code = code << 4 | UInt32(digit)
        }
        index += 4
        return code
    }
}
