/// Where one connection stands between audio and title blocks. A value of 20 bytes in the listener's slot.
///
/// The same walk is made twice: once to lay out what to send, once to account for what the kernel took of it. Which
/// block is due depends only on the state and the position, so both walks see the same bytes.
struct ICYInterleaver {
    /// audio bytes between blocks; 0 for a connection without titles
    private(set) var interval: Int32
    /// audio bytes until the next block
    private var untilBlock: Int32
    /// the title sent last; 0 for none
    private var lastOrdinal: Int32 = 0
    /// the block under way and how much of it is gone; -1 none, 0 the empty block
    private var blockOrdinal: Int32 = -1
    private var blockOffset: Int32 = 0

    init(intervalBytes: Int) {
        interval = Int32(intervalBytes)
        untilBlock = Int32(intervalBytes)
    }

    /// Whether title blocks stand between the audio at all.
    var isOn: Bool { interval > 0 }

    /// Whether a block is begun and not whole: what follows must be its rest, and of the same titles.
    var isInBlock: Bool { blockOrdinal >= 0 && blockOffset > 0 }

    /// Other titles hold from here on, whose ordinals mean something else. Not to be called in a block.
    mutating func titlesChanged() {
        assert(!isInBlock)
        lastOrdinal = 0
        if blockOrdinal > 0 { blockOrdinal = 0 }
    }

    /// Walks over the bytes that stand for audio from `position` to `limit`, at most `budget` of them, blocks included.
    ///
    /// `emit` gets each run in order: audio by position and count (`nil` pointer), or a piece of a block.
    /// Gives the audio bytes walked over; `budget` is left with what remains of it.
    mutating func walk(
        from position: StreamPosition, to limit: StreamPosition, budget: inout Int, titles: TitleTrack,
        emit: (UnsafeRawPointer?, StreamPosition, Int) -> Bool
    ) -> Int64 {
        var here = position
        while budget > 0 {
            if blockOrdinal >= 0 {
                let block = Self.bytes(of: blockOrdinal, titles)
                let count = max(0, min(block.count - Int(blockOffset), budget))
                if count > 0, !emit(block.baseAddress! + Int(blockOffset), here, count) { break }
                budget -= count
                blockOffset += Int32(count)
                if blockOffset >= Int32(block.count) {
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
    }

    /// one zero byte says "as before"
    private nonisolated(unsafe) static let empty: UnsafeRawBufferPointer = {
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 1, alignment: 1)
        bytes[0] = 0
        return UnsafeRawBufferPointer(bytes)
    }()

    private static func bytes(of ordinal: Int32, _ titles: TitleTrack) -> UnsafeRawBufferPointer {
        ordinal == 0 ? empty : titles.block(ordinal: ordinal) ?? empty
    }
}
