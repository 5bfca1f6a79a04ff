/// Header fields in the order they stand in the message; names are compared without case.
public struct HeaderFields: Hashable, Sendable, Sequence, ExpressibleByDictionaryLiteral {
    public struct Field: Hashable, Sendable {
        public var name: String
        public var value: String
    }

    /// All fields, repeated ones too.
    public private(set) var fields: [Field] = []

    public init() {}

    public init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements { add(name, value) }
    }

    public var count: Int { fields.count }
    public func makeIterator() -> IndexingIterator<[Field]> { fields.makeIterator() }

    /// The first value of that name. Setting replaces all of them; setting nil removes them.
    public subscript(_ name: String) -> String? {
        get { fields.first { ByteClass.equal($0.name, name) }?.value }
        set {
            fields.removeAll { ByteClass.equal($0.name, name) }
            if let newValue { add(name, newValue) }
        }
    }

    /// Every value of that name, in order.
    public func all(_ name: String) -> [String] {
        var values: [String] = []
        for field in fields where ByteClass.equal(field.name, name) { values.append(field.value) }
        return values
    }

    public func contains(_ name: String) -> Bool { fields.contains { ByteClass.equal($0.name, name) } }

    public mutating func add(_ name: String, _ value: String) { fields.append(Field(name: name, value: value)) }

    /// Whether one of the comma-separated values of that name is `token`, without case.
    public func contains(_ name: String, token: String) -> Bool {
        for field in fields where ByteClass.equal(field.name, name) {
            if ByteClass.equal(field.value, token) { return true }
            for part in field.value.utf8.split(separator: UInt8(ascii: ",")) {
                let trimmed = String(decoding: part.drop { $0 == 32 || $0 == 9 }, as: UTF8.self)
                let end = trimmed.utf8.reversed().drop { $0 == 32 || $0 == 9 }
                if ByteClass.equal(String(decoding: end.reversed(), as: UTF8.self), token) { return true }
            }
        }
        return false
    }

    /// The fields as they go over the wire. Bytes that would end a line early become spaces: no value, wherever it
    /// came from, can add a field or a reply.
    package func write(into bytes: inout [UInt8]) {
        let wanted = fields.reduce(bytes.count) { $0 + $1.name.utf8.count + $1.value.utf8.count + 4 }
        if bytes.capacity < wanted { bytes.reserveCapacity(wanted + 2) }
        for field in fields {
            Self.append(field.name, to: &bytes)
            bytes.append(UInt8(ascii: ":"))
            bytes.append(ByteClass.space)
            Self.append(field.value, to: &bytes)
            bytes.append(ByteClass.carriageReturn)
            bytes.append(ByteClass.lineFeed)
        }
    }

    private static func append(_ text: String, to bytes: inout [UInt8]) {
        let isHarmless = text.utf8.withContiguousStorageIfAvailable { run in
            guard run.allSatisfy({ $0 >= 32 && $0 != 127 }) else { return false }
            bytes.append(contentsOf: run)
            return true
        }
        if isHarmless == true { return }
        for byte in text.utf8 {
            bytes.append((byte < 32 && byte != ByteClass.tab) || byte == 127 ? ByteClass.space : byte)
        }
    }
}
