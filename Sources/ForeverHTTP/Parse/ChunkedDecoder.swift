/// Takes the chunked coding (RFC 9112 section 7.1) off a body that comes in pieces of any size.
///
/// Looks at every framing byte once and in order, so the pieces' edges make no difference. Extensions and trailers
/// are read, bounded and thrown away. No space is taken anywhere around a size.
package struct ChunkedDecoder {
    private enum State {
        case size, `extension`, sizeEnd, data, dataReturn, dataEnd, trailerStart, trailer, trailerEnd, lastEnd, done
    }

    /// Bytes of extensions and trailers beyond those of the body before them: a peer that sends more framing than body
    /// makes us work for nothing.
    package static let overheadBytesMax = 4_096
    /// 2^40 - 1: far beyond any body, far below overflow.
    private static let sizeDigitsMax = 10

    private var state = State.size
    private var remaining: Int64 = 0
    private var digits = 0
    private var overhead = 0
    private var trailerLine: [UInt8] = []

    package init() {}

    package var isDone: Bool { state == .done }

    /// Decodes from the front of `bytes`, handing each run of body bytes to `emit`; returns how many bytes were used,
    /// fewer than all only when the body ended before them.
    package mutating func decode(
        _ bytes: UnsafeRawBufferPointer, emit: (UnsafeRawBufferPointer) throws(ParseError) -> Void
    ) throws(ParseError) -> Int {
        var index = 0
        while index < bytes.count && state != .done {
            if state == .data {
                let count = Int(min(remaining, Int64(bytes.count - index)))
                try emit(UnsafeRawBufferPointer(rebasing: bytes[index..<(index + count)]))
                remaining -= Int64(count)
                overhead = max(0, overhead - count)
                index += count
                if remaining == 0 { state = .dataReturn }
            } else {
                try take(bytes[index])
                index += 1
            }
        }
        return index
    }

    private mutating func take(_ byte: UInt8) throws(ParseError) {
        switch state {
        case .size: try takeSize(byte)
        case .extension:
            if byte == ByteClass.carriageReturn { state = .sizeEnd } else { try countOverhead(byte) }
        case .sizeEnd:
            guard byte == ByteClass.lineFeed else { throw .malformedChunkSize }
            state = remaining == 0 ? .trailerStart : .data
            digits = 0
        case .dataReturn:
            guard byte == ByteClass.carriageReturn else { throw .malformedChunkEnd }
            state = .dataEnd
        case .dataEnd:
            guard byte == ByteClass.lineFeed else { throw .malformedChunkEnd }
            state = .size
        case .trailerStart:
            if byte == ByteClass.carriageReturn {
                state = .lastEnd
            } else {
                trailerLine = [byte]
                try countOverhead(byte)
                state = .trailer
            }
        case .trailer:
            if byte == ByteClass.carriageReturn {
                state = .trailerEnd
            } else {
                try countOverhead(byte)
                trailerLine.append(byte)
            }
        case .trailerEnd:
            guard byte == ByteClass.lineFeed, trailerIsField() else { throw .malformedTrailer }
            state = .trailerStart
        case .lastEnd:
            guard byte == ByteClass.lineFeed else { throw .malformedTrailer }
            state = .done
        case .data, .done: break
        }
    }

    private mutating func takeSize(_ byte: UInt8) throws(ParseError) {
        if let value = ByteClass.hexValue(byte) {
            digits += 1
            if digits > Self.sizeDigitsMax { throw .chunkTooLarge }
            remaining = remaining << 4 | Int64(value)
            return
        }
        guard digits > 0 else { throw .malformedChunkSize }
        switch byte {
        case ByteClass.carriageReturn: state = .sizeEnd
        case UInt8(ascii: ";"): state = .extension
        default: throw .malformedChunkSize
        }
    }

    private mutating func countOverhead(_ byte: UInt8) throws(ParseError) {
        if byte == ByteClass.lineFeed { throw .bareLineFeed }
        if ByteClass.isControl(byte) && byte != ByteClass.tab { throw .controlByte }
        overhead += 1
        if overhead > Self.overheadBytesMax { throw .chunkOverhead }
    }

    private func trailerIsField() -> Bool {
        trailerLine.withUnsafeBytes { bytes in
            do throws(ParseError) {
                _ = try HeadParser.field(bytes[...])
                return true
            } catch {
                return false
            }
        }
    }
}
