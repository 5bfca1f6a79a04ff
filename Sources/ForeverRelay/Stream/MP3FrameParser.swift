/// Finds where the frames of a constant bit rate MP3 stream begin, in bytes that come in any pieces.
///
/// Out of step, at the start or after damage, it takes a place for a frame's start only when the header there promises
/// a length after which another header of the same kind follows: four bytes alone look like a header about once in
/// 2000 places of random data, two that agree practically never. Pure; holds at most two frames.
public struct MP3FrameParser: Sendable {
    /// The longest layer III frame: 320 kbit/s at 32 kHz, padded.
    public static let frameBytesMax = 1_441

    /// One frame's start.
    public struct Frame: Hashable, Sendable {
        public var position: StreamPosition
        public var header: MP3FrameHeader
    }

    /// bytes not yet understood; the first is at `position`
    private var pending: [UInt8] = []
    private var position: StreamPosition
    /// the kind of the stream while in step
    private var inStep: MP3FrameHeader?
    /// Bytes that belonged to no frame so far.
    public private(set) var skippedBytes: Int64 = 0

    /// A parser whose first byte has this position.
    public init(startingAt position: StreamPosition = 0) { self.position = position }

    /// Takes the next bytes; gives the frames whose headers are now certain, in order.
    public mutating func append(_ bytes: some Sequence<UInt8>) -> [Frame] {
        pending += bytes
        var frames: [Frame] = []
        var index = 0
        while true {
            guard let header = header(at: index) else {
                guard index + 4 <= pending.count else { break }
                inStep = nil
                index += 1
                skippedBytes += 1
                continue
            }
            if let kind = inStep, header.continues(kind) {
                guard index + header.frameBytes <= pending.count else { break }
            } else {
                // Out of step: the next header must agree.
                inStep = nil
                guard index + header.frameBytes + 4 <= pending.count else { break }
                guard let next = self.header(at: index + header.frameBytes), next.continues(header) else {
                    index += 1
                    skippedBytes += 1
                    continue
                }
                inStep = header
            }
            frames.append(Frame(position: position + Int64(index), header: header))
            index += header.frameBytes
        }
        pending.removeFirst(index)
        position += Int64(index)
        return frames
    }

    private func header(at index: Int) -> MP3FrameHeader? {
        guard index + 4 <= pending.count else { return nil }
        return MP3FrameHeader(pending[index], pending[index + 1], pending[index + 2], pending[index + 3])
    }
}
