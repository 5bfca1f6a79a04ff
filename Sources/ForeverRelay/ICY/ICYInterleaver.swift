/// Where one connection stands between audio and title blocks. A value of 20 bytes in the listener's slot.
///
/// The same walk is made twice: once to lay out what to send, once to account for what the kernel took of it. Which
/// block is due depends only on the state and the position, so both walks see the same bytes.
package struct ICYInterleaver {
    /// audio bytes between blocks; 0 for a connection without titles
    package private(set) var interval: Int32
    /// audio bytes until the next block
    private var untilBlock: Int32
    /// the title sent last; 0 for none
    private var lastOrdinal: Int32 = 0
    /// the block under way; -1 none, 0 the empty block
    private var blockOrdinal: Int32 = -1
    /// how much of it is gone
    private var blockOffset: Int16 = 0
    /// its bytes, as its first byte has told the peer: the title may be forgotten before the last one leaves
    private var blockBytes: Int16 = 0

    package init(intervalBytes: Int) {
        interval = Int32(intervalBytes)
        untilBlock = Int32(intervalBytes)
    }

    /// Whether title blocks stand between the audio at all.
    package var isOn: Bool { interval > 0 }

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
                let rest = restOfBlock(titles)
                let count = min(Int(blockBytes - blockOffset), budget)
                if !emit(rest, here, count) { break }
                budget -= count
                blockOffset += Int16(count)
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
        blockBytes = blockOrdinal > 0 ? Int16(titles.block(ordinal: blockOrdinal)?.count ?? 1) : 1
    }

    /// What is left of the block under way. Forgotten before its first byte left, it becomes the empty block; later,
    /// zeros stand for the rest: no player takes the half title, and the audio behind it stays where it must be.
    private mutating func restOfBlock(_ titles: TitleTrack) -> UnsafeRawPointer {
        if blockOrdinal > 0 {
            if let start = titles.block(ordinal: blockOrdinal)?.baseAddress { return start + Int(blockOffset) }
            if blockOffset == 0 { blockBytes = 1 }
        }
        return Self.zeros
    }

    /// As many as the longest block; one alone says "as before".
    private nonisolated(unsafe) static let zeros: UnsafeRawPointer = {
        let count = 1 + ICYMetadata.textBytesMax
        let bytes = UnsafeMutableRawPointer.allocate(byteCount: count, alignment: 1)
        return UnsafeRawPointer(bytes.initializeMemory(as: UInt8.self, repeating: 0, count: count))
    }()
}
