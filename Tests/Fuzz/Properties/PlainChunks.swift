/// RFC 9112 section 7.1 read line by line from a whole body: slow, short, and written apart from `ChunkedDecoder`.
enum PlainChunks {
    /// The body and how many bytes it took; nil when it is not whole or not right.
    static func read(_ bytes: [UInt8]) -> (body: [UInt8], used: Int)? {
        var body: [UInt8] = []
        var index = 0
        while let line = line(bytes, &index) {
            let digits = line.prefix { $0 != UInt8(ascii: ";") }
            guard (1...10).contains(digits.count), digits.allSatisfy(isHex),
                let size = Int(String(decoding: digits, as: UTF8.self), radix: 16)
            else { return nil }
            if size == 0 { return trailers(bytes, &index) ? (body, index) : nil }
            guard bytes.count - index >= size + 2, bytes[index + size] == 13, bytes[index + size + 1] == 10 else {
                return nil
            }
            body += bytes[index..<(index + size)]
            index += size + 2
        }
        return nil
    }

    private static func isHex(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...70).contains(byte) || (97...102).contains(byte)
    }

    private static func trailers(_ bytes: [UInt8], _ index: inout Int) -> Bool {
        while let line = line(bytes, &index) {
            if line.isEmpty { return true }
            let name = line.prefix { $0 != UInt8(ascii: ":") }
            guard name.count < line.count, !name.isEmpty else { return false }
            guard name.allSatisfy({ $0 > 32 && $0 < 127 && !"\"(),/:;<=>?@[\\]{}".utf8.contains($0) }) else {
                return false
            }
        }
        return false
    }

    /// The next line without its CR LF; nil when there is none, or one with a control byte.
    private static func line(_ bytes: [UInt8], _ index: inout Int) -> ArraySlice<UInt8>? {
        guard let end = bytes[index...].firstIndex(of: 13), end + 1 < bytes.count, bytes[end + 1] == 10 else {
            return nil
        }
        let line = bytes[index..<end]
        guard !line.contains(where: { $0 < 32 && $0 != 9 || $0 == 127 }) else { return nil }
        index = end + 2
        return line
    }
}
