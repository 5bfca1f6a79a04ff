/// Header fields in the order they stand in the message; names are compared without case.
public struct HeaderFields: Hashable, Sendable, Sequence, ExpressibleByDictionaryLiteral {
    public struct Field: Hashable, Sendable {
        public var name: String
        public var value: String
    }

    /// All fields, repeated ones too.
    public private(set) var fields: [Field] = []

    public init() {}

    /// Empty, with room for so many.
    public init(reserving count: Int) { fields.reserveCapacity(count) }

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
            if Self.entries(of: field).contains(where: { ByteClass.equal($0, token) }) { return true }
        }
        return false
    }

    /// The comma-separated entries of all fields of that name, one after the other, empty ones too.
    package func entries(_ name: String) -> [String] {
        fields.filter { ByteClass.equal($0.name, name) }.flatMap(Self.entries)
    }

    private static func entries(of field: Field) -> [String] {
        field.value.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map {
            String(decoding: ByteClass.trimmed($0), as: UTF8.self)
        }
    }

    /// The fields as they go over the wire. Bytes that would end a line early become spaces: no value, wherever it
    /// came from, can add a field or a reply.
    package func write(into bytes: inout [UInt8]) {
        let count = fields.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 4 }
        bytes.append(addingCapacity: count) { output in
            output.withUnsafeMutableBufferPointer { run, written in
                for field in fields {
                    Self.copy(field.name, to: run, &written)
                    run[written] = UInt8(ascii: ":")
                    run[written + 1] = ByteClass.space
                    written += 2
                    Self.copy(field.value, to: run, &written)
                    run[written] = ByteClass.carriageReturn
                    run[written + 1] = ByteClass.lineFeed
                    written += 2
                }
                // All looked at in one go, which the compiler makes sixteen bytes a step of.
                let lineEnds = 2 * fields.count
                if ByteClass.controlCount(UnsafeBufferPointer(run)) != lineEnds { clean(run) }
            }
        }
    }

    private static func copy(_ text: String, to run: UnsafeMutableBufferPointer<UInt8>, _ written: inout Int) {
        guard !text.isEmpty else { return }
        ByteClass.withBytes(of: text) {
            run.baseAddress!.advanced(by: written).update(from: $0.baseAddress!, count: $0.count)
        }
        written += text.utf8.count
    }

    /// Makes spaces of what should not be in the written fields.
    private func clean(_ run: UnsafeMutableBufferPointer<UInt8>) {
        var start = 0
        for field in fields {
            let end = start + field.name.utf8.count + field.value.utf8.count + 2
            for index in start..<end where ByteClass.isControl(run[index]) && run[index] != ByteClass.tab {
                run[index] = ByteClass.space
            }
            start = end + 2
        }
    }
}
