/// Lets stream bytes through only while frames stand where positions say they must. Pure.
///
/// A relay that took a wrong byte would serve it to everybody under that position; so each frame's first two bytes are
/// looked at as they pass.
package struct FrameGate {
    private let format: StreamFormat

    package init(format: StreamFormat) { self.format = format }

    /// Whether the bytes, of which the first has this position, can be of the stream.
    package func accepts(_ bytes: UnsafeRawBufferPointer, at position: StreamPosition) -> Bool {
        let size = format.frameBytes
        // Byte 0 of a frame is FF, byte 1 is FA or FB: MPEG-1 layer III, with or without a checksum.
        var index = Int((size - position % size) % size)
        if position % size == 1, let first = bytes.first, first & 0xFE != 0xFA { return false }
        while index < bytes.count {
            if bytes[index] != 0xFF { return false }
            if index + 1 < bytes.count, bytes[index + 1] & 0xFE != 0xFA { return false }
            index += Int(size)
        }
        return true
    }
}
