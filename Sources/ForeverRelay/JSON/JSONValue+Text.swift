import ForeverHTTP

extension JSONValue {
    /// The value as JSON text without spaces.
    package var bytes: [UInt8] {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.bytes
    }

    /// The value as one line of JSON.
    package var line: String { String(decoding: bytes, as: UTF8.self) }

    private func write(to writer: inout JSONWriter) {
        switch self {
        case .null: writer.value(String?.none)
        case .bool(let flag): writer.value(flag)
        case .integer(let value): writer.value(value)
        case .number(let value): writer.value(value)
        case .string(let text): writer.value(text)
        case .array(let values): writer.array { for value in values { value.write(to: &$0) } }
        case .object(let members):
            writer.object { writer in
                for member in members { writer.field(member.name, json: member.value.bytes) }
            }
        }
    }
}
