/// Where each packet of a track lies in its file and how many frames it decodes to: a compact value.
///
/// A checkpoint every 64 packets, and wherever a packet does not follow the one before, carries absolute positions;
/// between checkpoints there are only sizes.
struct PacketTable {
    private struct Checkpoint {
        var packet: Int
        var offset: Int64
        var frame: Int64
    }

    private var checkpoints: [Checkpoint] = []
    private var sizes: [UInt32] = []
    private var lengths = PacketLengths()
    /// Where the last packet ends in the file.
    private(set) var end: Int64 = 0
    private(set) var frameCount: Int64 = 0
    private static let stride = 64

    var packetCount: Int { sizes.count }

    /// Adds the packet of `bytes` bytes at `offset` that decodes to `frames` frames.
    mutating func append(offset: Int64, bytes: Int, frames: Int) {
        let isDue = sizes.count - (checkpoints.last?.packet ?? -Self.stride) >= Self.stride
        if isDue || offset != end {
            checkpoints.append(Checkpoint(packet: sizes.count, offset: offset, frame: frameCount))
        }
        sizes.append(UInt32(bytes))
        lengths.append(frames)
        end = offset + Int64(bytes)
        frameCount += Int64(frames)
    }

    /// Every packet decodes to `frames` frames, whatever was said when it was added.
    mutating func makeUniform(frames: Int) {
        lengths = PacketLengths(common: frames, count: packetCount)
        for place in checkpoints.indices { checkpoints[place].frame = Int64(checkpoints[place].packet) * Int64(frames) }
        frameCount = Int64(packetCount) * Int64(frames)
    }

    func bytes(of number: Int) -> Int { Int(sizes[number]) }
    func frames(of number: Int) -> Int { lengths[number] }

    func offset(of number: Int) -> Int64 {
        let checkpoint = checkpoint(of: number)
        return sizes[checkpoint.packet..<number].reduce(checkpoint.offset) { $0 + Int64($1) }
    }

    func start(of number: Int) -> Int64 {
        let checkpoint = checkpoint(of: number)
        return checkpoint.frame + lengths.frames(in: checkpoint.packet..<number)
    }

    /// The packet that holds `frame`.
    func packet(at frame: Int64) -> Int {
        guard packetCount > 0 else { return 0 }
        let place = checkpoints.lastIndex(where: { $0.frame <= frame }, sortedCount: checkpoints.count) ?? 0
        return lengths.packet(
            at: frame, from: checkpoints[place].packet, startingAt: checkpoints[place].frame, count: packetCount)
    }

    private func checkpoint(of number: Int) -> Checkpoint {
        checkpoints[checkpoints.lastIndex(where: { $0.packet <= number }, sortedCount: checkpoints.count) ?? 0]
    }
}

/// How many frames each packet decodes to: one number while all are alike, two bytes each otherwise.
struct PacketLengths {
    private var common = 0
    private var commonCount = 0
    private var each: [UInt16] = []

    /// `count` packets of `common` frames.
    init(common: Int = 0, count: Int = 0) {
        self.common = common
        commonCount = count
    }

    mutating func append(_ frames: Int) {
        if each.isEmpty, commonCount == 0 || frames == common {
            common = frames
            commonCount += 1
        } else {
            if each.isEmpty { each = [UInt16](repeating: UInt16(common), count: commonCount) }
            each.append(UInt16(frames))
        }
    }

    subscript(number: Int) -> Int { each.isEmpty ? common : Int(each[number]) }

    /// What some packets in a row decode to.
    func frames(in packets: Range<Int>) -> Int64 { packets.reduce(0) { $0 + Int64(self[$1]) } }

    /// The packet that holds `frame`, looked for from packet `first` on, which begins at frame `start`; the last of
    /// `count` where the frame lies beyond.
    func packet(at frame: Int64, from first: Int, startingAt start: Int64, count: Int) -> Int {
        var number = first
        var next = start + Int64(self[number])
        while next <= frame, number + 1 < count {
            number += 1
            next += Int64(self[number])
        }
        return number
    }
}

extension Array {
    /// The last index whose element satisfies `holds`, which is true up to some index and false after. O(log n).
    func lastIndex(where holds: (Element) -> Bool, sortedCount: Int) -> Int? {
        var (low, high) = (0, sortedCount)
        while low < high {
            let middle = (low + high) / 2
            if holds(self[middle]) { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? nil : low - 1
    }
}
