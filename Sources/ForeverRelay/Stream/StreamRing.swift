import Glibc
import Synchronization

/// The last part of the stream, in a file that survives the process.
///
/// One writer appends; any number of readers take bytes at a position, in one run of memory each, straight from the
/// mapped file. Bytes are published by one release store of the edge, always at a frame's end: a kill at any moment
/// leaves only whole frames before it. The last `guardBytes` of the capacity are never offered to readers, since the
/// writer may be overwriting them.
///
/// **Thread:** `append` and `save` belong to one writer (on a root the encoder's thread appends and the loop
/// saves anchors: the two touch nothing in common); everything else any thread.
public final class StreamRing: @unchecked Sendable {
    /// One append publishes at most this much at a time, so this much of the oldest may be torn by a kill.
    public static let guardBytes: Int64 = 65_536

    public let epoch: Epoch
    public let format: StreamFormat
    public let capacityBytes: Int64
    /// Whether what the file held before goes on.
    public let isRestored: Bool
    private let file: RingFile
    private let edgeWord: UnsafeMutablePointer<Atomic<Int64>>
    private let firstWord: UnsafeMutablePointer<Atomic<Int64>>
    private let liveWord: UnsafeMutablePointer<Atomic<Int64>>
    /// end of what is copied, perhaps in the middle of a frame; the writer's
    private var written: StreamPosition

    /// What a ring file holds, without opening it for writing.
    public struct Description: Hashable, Sendable {
        public var epoch: Epoch
        public var format: StreamFormat
    }

    /// A ring in the file at `path`: the one that is there, when epoch, format and capacity are the same, else a new one
    /// that begins at `startingAt`.
    ///
    /// **Errors:** what the system says; `.inUse` when another process writes it.
    public init(
        path: String, epoch: Epoch, format: StreamFormat, capacityBytes: Int, startingAt: StreamPosition = 0
    ) throws(RingError) {
        let file = try RingFile(path: path, capacityBytes: max(capacityBytes, 4 * Int(Self.guardBytes)))
        let header = file.header
        isRestored =
            file.wasThere && header[.magic] == Int64(RingHeader.magic) && header[.capacity] == Int64(file.capacityBytes)
            && Epoch(bits: UInt64(bitPattern: header[.epoch])) == epoch
            && header[.bitrateKbps] == Int64(format.bitrateKbps) && header[.first] <= header[.edge]
            && header[.first] >= 0 && format.frameFloor(header[.edge]) == header[.edge]
        if !isRestored {
            header[.magic] = 0  // until the rest is right
            header[.epoch] = Int64(bitPattern: epoch.bits)
            header[.bitrateKbps] = Int64(format.bitrateKbps)
            header[.capacity] = Int64(file.capacityBytes)
            header[.first] = format.frameFloor(startingAt)
            header[.edge] = format.frameFloor(startingAt)
            header[.live] = format.frameFloor(startingAt)
            header.save(nil)
            header[.magic] = Int64(RingHeader.magic)
        }
        self.file = file
        self.epoch = epoch
        self.format = format
        self.capacityBytes = Int64(file.capacityBytes)
        edgeWord = header.atomic(.edge)
        firstWord = header.atomic(.first)
        liveWord = header.atomic(.live)
        written = header[.edge]
    }

    /// What the ring file at `path` holds; nil when there is none that can be read.
    public static func describe(path: String) -> Description? {
        let fd = open(path, O_RDONLY | O_CLOEXEC)
        guard fd >= 0 else { return nil }
        defer { close(fd) }
        var words = [Int64](repeating: 0, count: RingHeader.Word.anchors.rawValue)
        let size = words.count * 8
        guard pread(fd, &words, size, 0) == size, words[RingHeader.Word.magic.rawValue] == Int64(RingHeader.magic),
            let format = StreamFormat(bitrateKbps: Int(truncatingIfNeeded: words[RingHeader.Word.bitrateKbps.rawValue]))
        else { return nil }
        return Description(
            epoch: Epoch(bits: UInt64(bitPattern: words[RingHeader.Word.epoch.rawValue])), format: format)
    }

    // MARK: Reading

    /// The mixing edge: everything before it, back to `oldest`, is here and final.
    public var edge: StreamPosition { edgeWord.pointee.load(ordering: .acquiring) }

    /// The oldest byte that may be read, a frame's start.
    public var oldest: StreamPosition {
        let first = firstWord.pointee.load(ordering: .acquiring)
        return max(first, format.frameCeiling(edge + Self.guardBytes - capacityBytes))
    }

    /// The bytes from `position` on, as one run of memory.
    ///
    /// **Shape:** `count` bytes, all of which must lie between `oldest` and `edge`. They stay what they are until the
    /// writer has gone a ring's length further.
    public func bytes(at position: StreamPosition, count: Int) -> UnsafeRawBufferPointer {
        window.bytes(at: position, count: count)
    }

    var window: RingWindow { RingWindow(base: UnsafeRawPointer(file.data), capacityBytes: capacityBytes) }

    /// Calls `body` with the bytes from `position` on; nil when some of them are not here (any more).
    public func withBytes<Result>(
        at position: StreamPosition, count: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result? {
        guard count >= 0, position >= oldest, position + Int64(count) <= edge else { return nil }
        return try body(bytes(at: position, count: count))
    }

    /// Where live was when the feed last moved it on: how far ahead the writer is, seen from its own thread.
    public internal(set) var live: StreamPosition {
        get { liveWord.pointee.load(ordering: .relaxed) }
        set { liveWord.pointee.store(newValue, ordering: .relaxed) }
    }

    // MARK: Writing

    /// The position of the next byte that `append` takes.
    public var writingPosition: StreamPosition { written }

    /// Adds bytes; whole frames become readable at once, the rest of a frame when its end comes.
    public func append(_ bytes: UnsafeRawBufferPointer) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Int(Self.guardBytes) / 2)
            rest = rest.dropFirst(piece.count)
            let place = Int(written % capacityBytes)
            UnsafeMutableRawBufferPointer(start: file.data + place, count: piece.count)
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: piece))
            written += Int64(piece.count)
            edgeWord.pointee.store(format.frameFloor(written), ordering: .releasing)
        }
    }

    /// Adds bytes held in an array.
    public func append(_ bytes: [UInt8]) { bytes.withUnsafeBytes { append($0) } }

    /// The anchor that was in force when it was last saved, for the next start.
    public var savedAnchor: LiveAnchor? { file.header.anchor }

    /// Keeps the anchor with the bytes.
    public func save(_ anchor: LiveAnchor?) { file.header.save(anchor) }
}
