/// What a byte may be part of, RFC 9110 section 5.6.2 and RFC 3986.
package enum ByteClass {
    package static let tab: UInt8 = 9
    package static let lineFeed: UInt8 = 10
    package static let carriageReturn: UInt8 = 13
    package static let space: UInt8 = 32

    private static let tokenBit: UInt8 = 1
    private static let targetBit: UInt8 = 2
    private static let hostBit: UInt8 = 4

    private static let table: [UInt8] = {
        var table = [UInt8](repeating: 0, count: 256)
        func mark(_ bytes: some Sequence<UInt8>, _ bit: UInt8) { for byte in bytes { table[Int(byte)] |= bit } }
        let letters = Array(UInt8(ascii: "a")...UInt8(ascii: "z")) + Array(UInt8(ascii: "A")...UInt8(ascii: "Z"))
        let digits = Array(UInt8(ascii: "0")...UInt8(ascii: "9"))
        mark(letters + digits + Array("!#$%&'*+-.^_`|~".utf8), tokenBit)
        // Browsers send a few bytes that RFC 3986 wants encoded, such as |; a fragment, a quote, a backslash they encode.
        mark((0x21...0x7e).filter { !"\"#<>\\".utf8.contains($0) }, targetBit)
        mark(letters + digits + Array("-._~!$&'()*+;=:[]%".utf8), hostBit)
        return table
    }()

    /// A byte of a method or a field name.
    @inline(__always) package static func isToken(_ byte: UInt8) -> Bool { table[Int(byte)] & tokenBit != 0 }
    /// A byte of a request target.
    @inline(__always) package static func isTarget(_ byte: UInt8) -> Bool { table[Int(byte)] & targetBit != 0 }
    /// A byte of a Host field.
    @inline(__always) package static func isHost(_ byte: UInt8) -> Bool { table[Int(byte)] & hostBit != 0 }

    /// What may stand in no text; a tab is one too.
    @inline(__always) package static func isControl(_ byte: UInt8) -> Bool { byte < 32 || byte == 127 }

    static func controlCount(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var count: UInt32 = 0
        for byte in bytes { count &+= isControl(byte) ? 1 : 0 }
        return Int(count)
    }

    @inline(__always) package static func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }

    /// 0...15, or nil.
    @inline(__always) package static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 48...57: byte - 48
        case 65...70: byte - 55
        case 97...102: byte - 87
        default: nil
        }
    }

    /// A letter's lower case, anything else itself.
    @inline(__always) package static func lowered(_ byte: UInt8) -> UInt8 { byte &- 65 < 26 ? byte | 32 : byte }

    /// Equal but for the case of ASCII letters.
    package static func equal(_ a: String, _ b: String) -> Bool {
        guard a.utf8.count == b.utf8.count else { return false }
        return withBytes(of: a) { a in
            withBytes(of: b) { b in
                for index in 0..<a.count where lowered(a[index]) != lowered(b[index]) { return false }
                return true
            }
        }
    }

    /// A text's bytes in one run.
    static func withBytes<Result>(of text: String, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        if let result = text.utf8.withContiguousStorageIfAvailable(body) { return result }
        var text = text
        return text.withUTF8(body)
    }

    /// Without the spaces and tabs around it: 0x85 and 0xA0 are part of a value (RFC 9110 section 5.5).
    package static func trimmed<Bytes: BidirectionalCollection<UInt8>>(_ bytes: Bytes) -> Bytes.SubSequence
    where Bytes.SubSequence: BidirectionalCollection {
        var rest = bytes[...]
        while let first = rest.first, first == space || first == tab { rest = rest.dropFirst() }
        while let last = rest.last, last == space || last == tab { rest = rest.dropLast() }
        return rest
    }
}
