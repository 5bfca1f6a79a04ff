import Foundation
import Glibc

/// A file's identity by its content: how many bytes, and a 128-bit hash of every one of them.
///
/// A moved or renamed file keeps its key, and with it its analysis and its history; one changed byte makes another
/// key. The whole file is read, for a sample of it would miss an edit in the middle; that costs a fraction of the
/// decoding which follows, and is done once for each state (path, size, time) of a file.
public struct ContentKey: Hashable, Sendable, Codable, CustomStringConvertible {
    public let byteCount: Int64
    public let hashHigh: UInt64
    public let hashLow: UInt64

    /// The key of the file at `path`.
    ///
    /// **Errors:** `ContentKeyError`: cannot be read, is no plain file, changed meanwhile, or `isCancelled` said so.
    /// **Thread:** any. **Cost:** one read of the file, 256 KiB of memory.
    public init(ofFileAtPath path: String, isCancelled: (() -> Bool)? = nil) throws(ContentKeyError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .unreadable(path: path, reason: String(cString: strerror(errno))) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw .unreadable(path: path, reason: String(cString: strerror(errno)))
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .unreadable(path: path, reason: "not a plain file") }

        let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: CoreLimits.contentChunkBytes, alignment: 16)
        defer { chunk.deallocate() }
        var hash = Murmur128()
        var total: Int64 = 0
        while true {
            if isCancelled?() == true { throw .cancelled }
            let count = read(descriptor, chunk.baseAddress, chunk.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw .unreadable(path: path, reason: String(cString: strerror(errno)))
            }
            if count == 0 { break }
            hash.add(UnsafeRawBufferPointer(rebasing: chunk[..<count]))
            total += Int64(count)
            // A file that grows as fast as it is read would never end.
            if total > Int64(status.st_size) { throw .changed(path: path) }
        }
        guard total == Int64(status.st_size) else { throw .changed(path: path) }
        byteCount = total
        (hashHigh, hashLow) = hash.digest
    }

    /// The key of bytes in memory.
    public init(of bytes: some ContiguousBytes) {
        var hash = Murmur128()
        byteCount = bytes.withUnsafeBytes { all in
            hash.add(all)
            return Int64(all.count)
        }
        (hashHigh, hashLow) = hash.digest
    }

    /// Reads what `text` wrote; nil for anything else.
    public init?(text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].utf8.count == 32, let count = Int64(parts[0], radix: 16), count >= 0,
            let high = UInt64(parts[1].prefix(16), radix: 16), let low = UInt64(parts[1].suffix(16), radix: 16)
        else { return nil }
        byteCount = count
        hashHigh = high
        hashLow = low
    }

    /// Size and hash in hexadecimal with a dash between: letters, digits and the dash, safe in paths and URLs.
    public var text: String {
        func padded(_ word: UInt64) -> String {
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.utf8.count) + digits
        }
        return String(byteCount, radix: 16) + "-" + padded(hashHigh) + padded(hashLow)
    }

    public var description: String { text }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let key = ContentKey(text: text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "\"\(text)\" is no content key")
        }
        self = key
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

/// Why a file has no content key.
public enum ContentKeyError: Error, Hashable, Sendable, CustomStringConvertible {
    case unreadable(path: String, reason: String)
    /// It grew or shrank while it was read: still being copied, most likely.
    case changed(path: String)
    case cancelled

    public var description: String {
        switch self {
        case .unreadable(let path, let reason): "cannot read \(path): \(reason)"
        case .changed(let path): "\(path) changed while it was read"
        case .cancelled: "cancelled"
        }
    }
}
