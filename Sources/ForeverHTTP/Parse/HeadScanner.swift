/// Finds the end of a message head in bytes that come in pieces of any size.
///
/// It looks at every byte once and in order, so the answer, a refusal included, does not depend on where the pieces
/// were cut. Lines end in CR LF and nothing else (RFC 9112 section 2.2 lets a recipient take a bare LF; two readers
/// that differ in that see two different messages, so we do not).
package struct HeadScanner {
    private enum State { case lineStart, inLine, afterReturn, afterLastReturn }

    private let bytesMax: Int
    private let firstLineBytesMax: Int
    private let linesMax: Int
    private var state = State.lineStart
    private var count = 0
    private var lineBytes = 0
    private var lines = 0
    private var skippedEmptyLine = false
    /// Bytes of the head seen so far, an empty line before it included.
    package var scannedBytes: Int { count }
    /// Empty line bytes before the first line.
    package var leadingBytes: Int { skippedEmptyLine ? 2 : 0 }

    /// The first line is bounded by the target's limit and room for a method and a version.
    package init(bytesMax: Int, targetBytesMax: Int, headersMax: Int) {
        self.bytesMax = bytesMax
        firstLineBytesMax = targetBytesMax + 48
        linesMax = headersMax + 1
    }

    /// Looks at more bytes; how many of them belong to the head if it ends here, nil if it does not end yet.
    package mutating func scan(_ bytes: UnsafeRawBufferPointer) throws(ParseError) -> Int? {
        for index in 0..<bytes.count {
            let byte = bytes[index]
            count += 1
            if count > bytesMax { throw lines == 0 ? .targetTooLong : .headTooLarge }
            switch state {
            case .lineStart:
                if byte == ByteClass.carriageReturn {
                    state = .afterLastReturn
                } else if lines > 0 && (byte == ByteClass.space || byte == ByteClass.tab) {
                    throw .foldedHeader  // RFC 9112 section 5.2
                } else {
                    if lines >= linesMax { throw .tooManyHeaders }
                    lineBytes = 0
                    state = .inLine
                    try check(byte)
                }
            case .inLine:
                if byte == ByteClass.carriageReturn { state = .afterReturn } else { try check(byte) }
            case .afterReturn:
                guard byte == ByteClass.lineFeed else { throw .bareCarriageReturn }
                lines += 1
                state = .lineStart
            case .afterLastReturn:
                guard byte == ByteClass.lineFeed else { throw .bareCarriageReturn }
                if lines > 0 { return index + 1 }
                // RFC 9112 section 2.2: one empty line before a request is passed over.
                if skippedEmptyLine { throw .malformedRequestLine }
                skippedEmptyLine = true
                state = .lineStart
            }
        }
        return nil
    }

    private mutating func check(_ byte: UInt8) throws(ParseError) {
        lineBytes += 1
        if lines == 0 && lineBytes > firstLineBytesMax { throw .targetTooLong }
        if byte == ByteClass.lineFeed { throw .bareLineFeed }
        if ByteClass.isControl(byte) && byte != ByteClass.tab { throw .controlByte }
    }
}
