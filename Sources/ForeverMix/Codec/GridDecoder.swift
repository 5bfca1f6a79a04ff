import CFFmpeg
import ForeverMix

/// Decodes a track at 48 kHz in cells of five seconds, each from scratch.
///
/// Every cell starts with a new decoder some packets early and a restarted resampler, in continuous reading too, so
/// any output frame depends on the file and its position only, never on what was read before: exact seeking by
/// construction. Cells are whole seconds, where every input rate and 48 kHz coincide.
final class GridDecoder {
    /// Frames at 48 kHz in the track: as many output instants as lie before its end.
    let frameCount: Int64
    /// Where the output goes. Its `end` is the next frame to be made.
    let window: SampleWindow

    private let track: CodedTrack
    private let converter = FrameConverter()
    private let rateConverter: RateConverter?
    private let buffer = PacketBuffer(padding: Int(forever_input_padding()))

    /// The decoder of the current cell.
    private var decoder: Decoder?
    private var nextPacket = 0
    /// Output frame after the current cell's last.
    private var cellEnd: Int64 = 0
    /// Output frames of the resampler's lead-in still to be thrown away.
    private var discard = 0
    /// Track frame (at its own rate) that is fed next.
    private var feedPosition: Int64 = 0
    /// The last packet's frames, not all fed yet.
    private var block: Block
    private var blockStart: Int64 = 0
    private var blockCount = 0
    /// One slice of the resampler's output.
    private let slice: Block

    private static let cellSeconds: Int64 = 5
    private static let cellFrames = cellSeconds * Int64(AudioFormat.sampleRate)
    /// Frames fed at once; at 8 kHz they become six times as many.
    private static let sliceFrames = 2048
    private static let windowFrames = 1 << 16

    init(_ track: CodedTrack) throws(CodecError) {
        self.track = track
        let rate = Int64(track.sampleRate)
        frameCount = (track.frameCount * Int64(AudioFormat.sampleRate) + rate - 1) / rate
        rateConverter =
            track.sampleRate == AudioFormat.sampleRate
            ? nil : try RateConverter(rate: track.sampleRate, path: track.path)
        window = SampleWindow(capacity: Self.windowFrames)
        block = Block(capacity: CodecLimits.packetFramesMax)
        slice = Block(capacity: Self.windowFrames / 2)
    }

    /// Makes sure `position` is in the window or the next frame to come.
    func seek(to position: Int64) throws(CodecError) {
        if position >= window.start, position < window.end { return }
        if position >= window.end, position < cellEnd { return }
        if position >= window.end, window.end == cellEnd, position < cellEnd + Self.cellFrames { return }
        let cellStart = position / Self.cellFrames * Self.cellFrames
        window.restart(at: cellStart)
        cellEnd = cellStart
    }

    /// Adds some frames to the window; only before the end of the track.
    func advance() throws(CodecError) {
        assert(window.end < frameCount)
        if window.end == cellEnd { try startCell() }
        let before = window.end
        while window.end == before { try feed() }
    }

    private func startCell() throws(CodecError) {
        let cell = window.end / Self.cellFrames
        cellEnd = min((cell + 1) * Self.cellFrames, frameCount)
        feedPosition = cell * Self.cellSeconds * Int64(track.sampleRate)
        discard = 0
        if let rateConverter {
            try rateConverter.restart()
            feedPosition -= Int64(rateConverter.leadIn)
            discard = rateConverter.leadOut
        }
        let first = track.packets.packet(at: max(0, feedPosition + track.headFrames))
        nextPacket = max(0, first - track.leadPackets)
        decoder = try Decoder(track.parameters, path: track.path)
        // Nothing decoded yet: an empty block before everything.
        blockStart = .min / 2
        blockCount = 0
    }

    /// Feeds one slice: silence outside the track and where nothing decoded, else frames of the current packet.
    private func feed() throws(CodecError) {
        while blockStart + Int64(blockCount) <= feedPosition, nextPacket < track.packets.packetCount,
            feedPosition < track.frameCount
        {
            try decodePacket()
        }
        let blockEnd = blockStart + Int64(blockCount)
        let isInside = feedPosition >= 0 && feedPosition < track.frameCount
        if isInside, feedPosition >= blockStart, feedPosition < blockEnd {
            let skip = Int(feedPosition - blockStart)
            let count = min(blockCount - skip, Self.sliceFrames, Int(track.frameCount - feedPosition))
            try push(block.left + skip, block.right + skip, count)
        } else {
            // Up to the next place where there is sound.
            var limit = Int64(Self.sliceFrames)
            if feedPosition < 0 { limit = min(limit, -feedPosition) }
            if isInside, blockStart > feedPosition { limit = min(limit, blockStart - feedPosition) }
            slice.silence(Int(limit))
            try push(slice.left, slice.right, Int(limit))
        }
    }

    private func decodePacket() throws(CodecError) {
        let (start, frames) = track.packets.span(of: nextPacket)
        let bytes = try track.packets.load(nextPacket, into: buffer)
        nextPacket += 1
        blockStart = start - track.headFrames
        blockCount = 0
        guard let decoder else { return }
        let wantedRate = Int32(track.sampleRate)
        decoder.decode(buffer.bytes, count: bytes) { frame in
            // A stray rate has no place on this timeline: that packet stays silent.
            guard frame.pointee.sample_rate == wantedRate else { return }
            let room = min(frames, block.capacity) - blockCount
            blockCount +=
                converter.convert(frame, to: block.left + blockCount, block.right + blockCount, capacity: room) ?? 0
        }
    }

    private func push(_ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, _ count: Int) throws(CodecError) {
        feedPosition += Int64(count)
        guard let rateConverter else {
            window.append(left, right, count: Int(min(Int64(count), cellEnd - window.end)))
            return
        }
        let made = try rateConverter.convert(
            left, right, count: count, to: slice.outputLeft, slice.outputRight, capacity: slice.capacity)
        let skip = min(discard, made)
        discard -= skip
        let kept = Int(min(Int64(made - skip), cellEnd - window.end))
        window.append(slice.outputLeft + skip, slice.outputRight + skip, count: kept)
    }
}

/// Owned planar stereo scratch memory, and as much again for what is made of it.
private final class Block {
    let capacity: Int
    let left: UnsafeMutablePointer<Float>
    let right: UnsafeMutablePointer<Float>
    let outputLeft: UnsafeMutablePointer<Float>
    let outputRight: UnsafeMutablePointer<Float>

    init(capacity: Int) {
        self.capacity = capacity
        left = .allocate(capacity: 4 * capacity)
        left.initialize(repeating: 0, count: 4 * capacity)
        right = left + capacity
        outputLeft = left + 2 * capacity
        outputRight = left + 3 * capacity
    }

    deinit { left.deallocate() }

    func silence(_ count: Int) {
        left.update(repeating: 0, count: count)
        right.update(repeating: 0, count: count)
    }
}
