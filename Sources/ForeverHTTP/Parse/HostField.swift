/// A host and perhaps a port, as a Host field or a whole address has them (RFC 9110 section 7.2, RFC 3986 section 3.2).
struct HostField {
    /// In lower case; an IPv6 address with its brackets; empty where the field is.
    let host: [UInt8]

    /// Nil for what is none, or could be split in two ways: an IPv6 address without brackets, a port that is no number.
    init?(_ text: some Collection<UInt8>) {
        let bytes = text.map(ByteClass.lowered)
        let end: Int
        if bytes.first == UInt8(ascii: "[") {
            guard let close = bytes.firstIndex(of: UInt8(ascii: "]")), close > 2 else { return nil }
            let address = bytes[1..<close]
            guard address.allSatisfy({ ByteClass.hexValue($0) != nil || $0 == 58 || $0 == 46 }) else { return nil }
            end = close + 1
        } else {
            end = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.count
            guard bytes[..<end].allSatisfy({ ByteClass.isHost($0) && $0 != 91 && $0 != 93 }) else { return nil }
        }
        let port = bytes[end...]
        guard port.isEmpty || port.first == UInt8(ascii: ":"), port.count <= 6 else { return nil }
        guard port.dropFirst().allSatisfy(ByteClass.isDigit) else { return nil }
        host = Array(bytes[..<end])
    }
}
