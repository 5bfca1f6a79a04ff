/// One page of an Ogg file (RFC 3533 section 6): its head, the lengths of its segments, and where it lies.
struct OggPage {
    static let headBytes = 27
    /// A head, 255 lengths, and 255 segments of 255 bytes.
    static let bytesMax = headBytes + 255 + 255 * 255

    /// Where the page begins in the file.
    var offset: Int64
    var isContinued: Bool
    var isFirst: Bool
    var isLast: Bool
    /// Frames at the end of the last packet that ends here; -1 if none does.
    var granule: Int64
    var serial: UInt32
    var sequence: UInt32
    var segments: [UInt8]

    var bodyBytes: Int { segments.reduce(0) { $0 + Int($1) } }
    var headerBytes: Int { Self.headBytes + segments.count }
    var byteCount: Int { headerBytes + bodyBytes }

    /// The page that `bytes` begins with; nil if none does, or its checksum is wrong.
    init?(_ bytes: UnsafeRawBufferPointer, at offset: Int64) {
        guard bytes.count >= Self.headBytes, bytes[0] == 0x4f, bytes[1] == 0x67, bytes[2] == 0x67, bytes[3] == 0x53,
            bytes[4] == 0
        else { return nil }
        let count = Int(bytes[26])
        guard bytes.count >= Self.headBytes + count else { return nil }
        self.offset = offset
        isContinued = bytes[5] & 1 != 0
        isFirst = bytes[5] & 2 != 0
        isLast = bytes[5] & 4 != 0
        granule = Int64(littleEndian: bytes.loadUnaligned(fromByteOffset: 6, as: Int64.self))
        serial = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 14, as: UInt32.self))
        sequence = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 18, as: UInt32.self))
        segments = Array(bytes[Self.headBytes..<Self.headBytes + count])
        guard bytes.count >= byteCount else { return nil }
        let declared = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 22, as: UInt32.self))
        guard Self.checksum(UnsafeRawBufferPointer(rebasing: bytes[0..<byteCount])) == declared else { return nil }
    }

    /// CRC-32 with polynomial 0x04c11db7, not reflected, starting at 0, the checksum field taken as 0.
    static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        table.withUnsafeBufferPointer { table in
            var sum: UInt32 = 0
            for index in 0..<bytes.count {
                let byte: UInt8 = (22..<26).contains(index) ? 0 : bytes[index]
                sum = sum << 8 ^ table[Int(UInt8(truncatingIfNeeded: sum >> 24) ^ byte)]
            }
            return sum
        }
    }

    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte) << 24) { sum, _ in sum & 0x8000_0000 != 0 ? sum << 1 ^ 0x04c1_1db7 : sum << 1 }
    }
}

/// Finds the pages of an Ogg file one after the other, stepping over damage.
final class OggPageReader {
    private let file: FileBytes
    private let bytes: UnsafeMutableRawBufferPointer
    /// Where the next page is looked for.
    var position: Int64

    init(file: FileBytes, position: Int64 = 0) {
        self.file = file
        self.position = position
        bytes = .allocate(byteCount: OggPage.bytesMax, alignment: 16)
    }

    deinit { bytes.deallocate() }

    /// The next whole page of any stream, and its body until the next call; nil at the end of the file.
    func next() throws(CodecError) -> (page: OggPage, body: UnsafeRawBufferPointer)? {
        while position < file.size {
            let count = try file.read(at: position, into: bytes.baseAddress!, count: OggPage.bytesMax)
            guard count >= OggPage.headBytes else { return nil }
            let held = UnsafeRawBufferPointer(rebasing: bytes[0..<count])
            if let page = OggPage(held, at: position) {
                position += Int64(page.byteCount)
                return (page, UnsafeRawBufferPointer(rebasing: held[page.headerBytes..<page.byteCount]))
            }
            position += Int64(Self.distanceToCapture(held))
        }
        return nil
    }

    /// Bytes to the next "O" that could begin a page, at least 1.
    private static func distanceToCapture(_ bytes: UnsafeRawBufferPointer) -> Int {
        var index = 1
        while index + 4 <= bytes.count {
            if bytes[index] == 0x4f, bytes[index + 1] == 0x67, bytes[index + 2] == 0x67, bytes[index + 3] == 0x53 {
                return index
            }
            index += 1
        }
        return max(1, bytes.count - 3)
    }
}
