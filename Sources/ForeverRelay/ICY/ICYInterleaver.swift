/// Where one connection stands between audio and title blocks. A value of 24 bytes in the listener's slot.
///
/// The same walk is made twice: once to lay out what to send, once to account for what the kernel took of it. Which
/// block is due depends only on the state and the position, so both walks see the same bytes.
package struct ICYInterleaver {
    /// audio bytes between blocks; 0 for a connection without titles
    private(set) var interval: Int32
    /// audio bytes until the next block
    private var untilBlock: Int32
    /// the title sent last; 0 for none
    private var lastOrdinal: Int32 = 0
    /// the block under way and how much of it is gone; -1 none, 0 the empty block
    private var blockOrdinal: Int32 = -1
    private var blockOffset: Int32 = 0
    /// its length, which its first byte has promised
    private var blockBytes: Int32 = 0

    package init(intervalBytes: Int) {
        interval = Int32(intervalBytes)
        untilBlock = Int32(intervalBytes)
    }

    /// Whether title blocks stand between the audio at all.
    var isOn: Bool { interval > 0 }

    /// From here on the titles are another track's: none of them was sent, and a block under way is one of before.
    mutating func leaveTrack() {
        lastOrdinal = 0
        if blockOrdinal > 0 { blockOrdinal = Self.forgotten }
    }

    /// Walks over the bytes that stand for audio from `position` to `limit`, at most `budget` of them, blocks included.
    ///
    /// `emit` gets each run in order: audio by position and count (`nil` pointer), or a piece of a block.
    /// Gives the audio bytes walked over; `budget` is left with what remains of it.
    package mutating func walk(
        from position: StreamPosition, to limit: StreamPosition, budget: inout Int, titles: TitleTrack,
        emit: (UnsafeRawPointer?, StreamPosition, Int) -> Bool
    ) -> Int64 {
        var here = position
        while budget > 0 {
            if blockOrdinal >= 0 {
                let block = bytesUnderWay(at: here, titles)
                let count = min(Int(blockBytes - blockOffset), budget)
                if !emit(block + Int(blockOffset), here, count) { break }
                budget -= count
                blockOffset += Int32(count)
                if blockOffset == blockBytes {
                    blockOrdinal = -1
                    untilBlock = interval
                }
                continue
            }
            let left = limit - here
            if left <= 0 { break }
            let run = isOn ? min(Int64(untilBlock), left) : left
            let count = Int(min(run, Int64(budget)))
            if count > 0, !emit(nil, here, count) { break }
            here += Int64(count)
            budget -= count
            guard isOn else { continue }
            untilBlock -= Int32(count)
            if untilBlock == 0 { beginBlock(at: here, titles) }
        }
        return here - position
    }

    private mutating func beginBlock(at position: StreamPosition, _ titles: TitleTrack) {
        let ordinal = titles.ordinal(at: position)
        blockOrdinal = ordinal == lastOrdinal ? 0 : ordinal
        lastOrdinal = ordinal
        blockOffset = 0
        blockBytes = blockOrdinal == 0 ? 1 : Int32(titles.block(ordinal: blockOrdinal)?.count ?? 1)
    }

    /// The block under way. One whose title was forgotten meanwhile goes on with padding up to the length promised; when
    /// nothing of it is gone yet, it is chosen anew.
    private mutating func bytesUnderWay(at position: StreamPosition, _ titles: TitleTrack) -> UnsafeRawPointer {
        if blockOrdinal > 0 {
            if let block = titles.block(ordinal: blockOrdinal) { return block.baseAddress! }
            if blockOffset == 0 { beginBlock(at: position, titles) }
        }
        if blockOrdinal > 0, let block = titles.block(ordinal: blockOrdinal) { return block.baseAddress! }
        return UnsafeRawPointer(Self.zeros)
    }

    /// stands for the ordinal of a title of another track
    private static let forgotten = Int32.max

    /// The empty block, which says "as before", and padding for the longest one.
    private nonisolated(unsafe) static let zeros: UnsafeMutableRawPointer = {
        let bytes = 1 + ICYMetadata.textBytesMax
        let zeros = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 16)
        zeros.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
        return zeros
    }()
}
