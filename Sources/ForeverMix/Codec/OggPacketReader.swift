/// Puts the packets of one logical Ogg stream together from its pages.
final class OggPacketReader {
    /// What `next` found.
    struct Found {
        /// Bytes in `buffer`.
        var bytes: Int
        /// Page on which the packet begins, and how many packets of ours begin on that page before it.
        var pageOffset: Int64
        var ordinal: Int
        /// The granule of the page on which it ends, if it is the last packet that ends there.
        var granule: Int64?
        /// The last packet of the stream's last page.
        var isLast: Bool
        /// Pages were lost between the packet before and this one.
        var followsLoss: Bool
    }

    /// Holds the packet found last.
    let buffer: PacketBuffer
    private let pages: OggPageReader
    private let serial: UInt32
    private var page: OggPage?
    private var body = UnsafeRawBufferPointer(start: nil, count: 0)
    private var segment = 0
    private var bodyPlace = 0
    private var begun = 0
    private var lastSequence: UInt32?
    private var isLossy = false
    private var isEnded = false

    init(file: FileBytes, serial: UInt32, position: Int64, buffer: PacketBuffer) {
        pages = OggPageReader(file: file, position: position)
        self.serial = serial
        self.buffer = buffer
    }

    /// The next whole packet; nil at the end of the stream. Packets with a piece missing are passed over.
    func next() throws(CodecError) -> Found? {
        var count = 0
        var start: (offset: Int64, ordinal: Int)?
        while true {
            if page == nil || segment == page!.segments.count {
                guard try nextPage() else { return nil }
                if start != nil, isLossy || !page!.isContinued { start = nil }
                if start == nil, page!.isContinued { skipPiece() }
                continue
            }
            guard let current = page else { return nil }
            if start == nil {
                start = (current.offset, begun)
                begun += 1
                count = 0
            }
            let length = Int(current.segments[segment])
            buffer.reserve(count + length)
            if length > 0 {
                UnsafeMutableRawPointer(buffer.bytes + count).copyMemory(
                    from: body.baseAddress! + bodyPlace, byteCount: length)
            }
            count += length
            bodyPlace += length
            segment += 1
            guard count <= CodecLimits.packetBytesMax else {
                start = nil
                skipPiece()
                isLossy = true
                continue
            }
            guard length < 255, let begin = start else { continue }
            let isLastHere = !current.segments[segment...].contains { $0 < 255 }
            let found = Found(
                bytes: count, pageOffset: begin.offset, ordinal: begin.ordinal,
                granule: isLastHere ? current.granule : nil, isLast: isLastHere && current.isLast,
                followsLoss: isLossy)
            isLossy = false
            buffer.terminate(at: count)
            return found
        }
    }

    private func nextPage() throws(CodecError) -> Bool {
        while !isEnded, let (next, bytes) = try pages.next() {
            guard next.serial == serial else { continue }
            if let lastSequence, next.sequence != lastSequence &+ 1 { isLossy = true }
            lastSequence = next.sequence
            isEnded = next.isLast
            page = next
            body = bytes
            segment = 0
            bodyPlace = 0
            begun = 0
            return true
        }
        return false
    }

    /// Steps over the rest of a packet whose beginning is not at hand.
    private func skipPiece() {
        guard let page else { return }
        while segment < page.segments.count {
            let length = Int(page.segments[segment])
            segment += 1
            bodyPlace += length
            if length < 255 { return }
        }
    }
}
