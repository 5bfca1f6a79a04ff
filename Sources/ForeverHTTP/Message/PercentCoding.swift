/// Percent-encoding of RFC 3986.
public enum PercentCoding {
    /// The decoded text; nil when a sequence is broken or the bytes are not UTF-8.
    public static func decode(_ text: Substring) -> String? {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
        var bytes: [UInt8] = []
        var iterator = text.utf8.makeIterator()
        while let byte = iterator.next() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = iterator.next().flatMap(ByteClass.hexValue),
                let low = iterator.next().flatMap(ByteClass.hexValue)
            else { return nil }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// The text with all but letters, digits and `-._~` encoded, fit for a path segment or a query value.
    public static func encode(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            let isPlain = ByteClass.isDigit(byte) || (ByteClass.lowered(byte) >= 97 && ByteClass.lowered(byte) <= 122)
            if isPlain || "-._~".utf8.contains(byte) {
                bytes.append(byte)
            } else {
                bytes.append(UInt8(ascii: "%"))
                for nibble in [byte >> 4, byte & 15] { bytes.append(nibble < 10 ? 48 + nibble : 55 + nibble) }
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
