import CFFmpeg

/// The packets of an Ogg stream by number.
///
/// **Cost:** 2 bytes a packet where they differ in length, 40 for every 64.
final class OggPackets: PacketStore {
    private struct Checkpoint {
        var packet: Int
        var frame: Int64
        var pageOffset: Int64
        var ordinal: Int
    }

    private let file: FileBytes
    private let serial: UInt32
    private var checkpoints: [Checkpoint] = []
    private var lengths = PacketLengths()
    /// Numbers of the packets that stand for lost ones, ascending.
    private var lost: [Int] = []
    private var isDue = true
    private(set) var packetCount = 0
    private(set) var frameCount: Int64 = 0
    private static let stride = 64

    /// Where reading goes on cheaply.
    private var reader: OggPacketReader?
    private var readerNext = 0
    private let buffer = PacketBuffer(padding: Int(forever_input_padding()))

    init(file: FileBytes, serial: UInt32) {
        self.file = file
        self.serial = serial
    }

    func append(_ found: OggPacketReader.Found, frames: Int) {
        if isDue || packetCount - (checkpoints.last?.packet ?? 0) >= Self.stride {
            checkpoints.append(
                Checkpoint(
                    packet: packetCount, frame: frameCount, pageOffset: found.pageOffset, ordinal: found.ordinal))
            isDue = false
        }
        add(frames)
    }

    /// Adds silence where packets were lost; the next real packet gets a checkpoint of its own.
    func appendLost(frames: Int64) {
        var left = frames
        while left > 0 {
            let part = min(left, Int64(CodecLimits.packetFramesMax))
            lost.append(packetCount)
            checkpoints.append(Checkpoint(packet: packetCount, frame: frameCount, pageOffset: -1, ordinal: 0))
            add(Int(part))
            left -= part
        }
        isDue = true
    }

    private func add(_ frames: Int) {
        lengths.append(frames)
        packetCount += 1
        frameCount += Int64(frames)
    }

    func packet(at frame: Int64) -> Int {
        guard packetCount > 0 else { return 0 }
        let place = checkpoints.lastIndex(where: { $0.frame <= frame }, sortedCount: checkpoints.count) ?? 0
        return lengths.packet(
            at: frame, from: checkpoints[place].packet, startingAt: checkpoints[place].frame, count: packetCount)
    }

    func span(of number: Int) -> (start: Int64, frames: Int) {
        let checkpoint = checkpoint(of: number)
        let start = checkpoint.frame + lengths.frames(in: checkpoint.packet..<number)
        return (start, lengths[number])
    }

    func load(_ number: Int, into target: PacketBuffer) throws(CodecError) -> Int {
        let place = lost.lastIndex(where: { $0 <= number }, sortedCount: lost.count)
        if let place, lost[place] == number { return 0 }
        if reader == nil || readerNext != number { try position(at: number) }
        guard let reader, let found = try reader.next() else { return 0 }
        readerNext = number + 1
        target.reserve(found.bytes)
        target.bytes.update(from: reader.buffer.bytes, count: found.bytes)
        target.terminate(at: found.bytes)
        return found.bytes
    }

    private func position(at number: Int) throws(CodecError) {
        let checkpoint = checkpoint(of: number)
        let fresh = OggPacketReader(file: file, serial: serial, position: checkpoint.pageOffset, buffer: buffer)
        reader = fresh
        for _ in 0..<checkpoint.ordinal + number - checkpoint.packet { _ = try fresh.next() }
    }

    private func checkpoint(of number: Int) -> Checkpoint {
        checkpoints[checkpoints.lastIndex(where: { $0.packet <= number }, sortedCount: checkpoints.count) ?? 0]
    }
}
