/// A track's coded packets by number: where each stands on the decoder's timeline, and its bytes.
///
/// The *raw* timeline counts every frame the decoder gives, its delay and padding included, from the first packet on.
/// **Thread:** one user at a time.
protocol PacketStore: AnyObject {
    var packetCount: Int { get }
    /// Raw frames of all packets.
    var frameCount: Int64 { get }
    /// The packet that decodes to raw frame `frame` (the last one beyond the end).
    func packet(at frame: Int64) -> Int
    /// First raw frame of packet `number`, and how many it decodes to.
    func span(of number: Int) -> (start: Int64, frames: Int)
    /// Reads packet `number`. Gives 0 bytes for what is lost: it sounds as silence.
    func load(_ number: Int, into buffer: PacketBuffer) throws(CodecError) -> Int
}

/// Where one packet's bytes are put, followed by the zeros FFmpeg's readers rely on.
final class PacketBuffer {
    private(set) var bytes: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private let padding: Int

    init(padding: Int) {
        self.padding = padding
        capacity = 4096
        bytes = .allocate(capacity: capacity + padding)
    }

    deinit { bytes.deallocate() }

    /// Makes room for `count` bytes, keeping what is there.
    func reserve(_ count: Int) {
        guard count > capacity else { return }
        let larger = max(count, capacity * 2)
        let moved = UnsafeMutablePointer<UInt8>.allocate(capacity: larger + padding)
        moved.update(from: bytes, count: capacity)
        bytes.deallocate()
        bytes = moved
        capacity = larger
    }

    /// Zeroes the padding after `count` bytes.
    func terminate(at count: Int) {
        (bytes + count).update(repeating: 0, count: padding)
    }
}

/// The packets of an uncompressed file: one run of bytes, cut into packets here.
final class UniformPackets: PacketStore {
    private let file: FileBytes
    private let offset: Int64
    private let frameBytes: Int
    let frameCount: Int64
    private static let packetFrames = 2048

    /// `byteCount` bytes from `offset` on, in frames of `frameBytes`.
    init(file: FileBytes, offset: Int64, byteCount: Int64, frameBytes: Int) {
        self.file = file
        self.offset = offset
        self.frameBytes = frameBytes
        frameCount = byteCount / Int64(frameBytes)
    }

    var packetCount: Int { Int((frameCount + Int64(Self.packetFrames) - 1) / Int64(Self.packetFrames)) }

    func packet(at frame: Int64) -> Int { min(max(Int(frame) / Self.packetFrames, 0), max(packetCount - 1, 0)) }

    func span(of number: Int) -> (start: Int64, frames: Int) {
        let start = Int64(number) * Int64(Self.packetFrames)
        return (start, Int(min(Int64(Self.packetFrames), frameCount - start)))
    }

    func load(_ number: Int, into buffer: PacketBuffer) throws(CodecError) -> Int {
        let (start, frames) = span(of: number)
        let count = frames * frameBytes
        buffer.reserve(count)
        let done = try file.read(at: offset + start * Int64(frameBytes), into: buffer.bytes, count: count)
        buffer.terminate(at: done)
        return done / frameBytes * frameBytes
    }
}

/// The packets of a file whose packets are stretches of it: MP3, FLAC, MP4, ADTS.
///
/// **Cost:** 4 bytes a packet, 2 more where packets differ in length, 24 for every 64: about 0.6 MB an hour of MP3.
final class TablePackets: PacketStore {
    private let file: FileBytes
    private let table: PacketTable

    init(file: FileBytes, table: PacketTable) {
        self.file = file
        self.table = table
    }

    var packetCount: Int { table.packetCount }
    var frameCount: Int64 { table.frameCount }
    func packet(at frame: Int64) -> Int { table.packet(at: frame) }
    func span(of number: Int) -> (start: Int64, frames: Int) { (table.start(of: number), table.frames(of: number)) }

    func load(_ number: Int, into buffer: PacketBuffer) throws(CodecError) -> Int {
        let count = table.bytes(of: number)
        buffer.reserve(count)
        let done = try file.read(at: table.offset(of: number), into: buffer.bytes, count: count)
        buffer.terminate(at: done)
        return done
    }
}
