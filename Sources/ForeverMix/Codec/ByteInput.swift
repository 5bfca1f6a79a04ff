import CFFmpeg
import Foundation

/// A file as FFmpeg's demuxers read it: by position, within a budget, and no other file or address ever.
///
/// The budget is counted work, not time, so a hostile file ends the same way on every machine.
final class ByteInput {
    let file: FileBytes
    /// FFmpeg's handle. Valid as long as this object.
    private(set) var context: UnsafeMutablePointer<AVIOContext>
    private var position: Int64 = 0
    private var bytesLeft: Int64
    private var seeksLeft = CodecLimits.seeksMax
    /// The budget is spent: the demuxer was going in circles.
    var isExhausted: Bool { bytesLeft <= 0 || seeksLeft <= 0 }

    private static let bufferBytes = 32 << 10

    init(file: FileBytes) throws(CodecError) {
        self.file = file
        bytesLeft = CodecLimits.readBytesMax(fileBytes: file.size)
        // Without a reader from the start, FFmpeg would take the empty buffer for the file's first bytes.
        guard let buffer = av_malloc(Self.bufferBytes),
            let made = avio_alloc_context(
                buffer.assumingMemoryBound(to: UInt8.self), Int32(Self.bufferBytes), 0, nil,
                { opaque, target, count in
                    Unmanaged<ByteInput>.fromOpaque(opaque!).takeUnretainedValue().read(target!, Int(count))
                }, nil,
                { opaque, offset, whence in
                    Unmanaged<ByteInput>.fromOpaque(opaque!).takeUnretainedValue().seek(offset, whence)
                })
        else { throw CodecError.codec("avio_alloc_context", forever_averror(ENOMEM), file.path) }
        context = made
        context.pointee.opaque = Unmanaged.passUnretained(self).toOpaque()
        context.pointee.seekable = AVIO_SEEKABLE_NORMAL
    }

    deinit {
        av_free(context.pointee.buffer)
        var gone: UnsafeMutablePointer<AVIOContext>? = context
        avio_context_free(&gone)
    }

    private func read(_ target: UnsafeMutablePointer<UInt8>, _ count: Int) -> Int32 {
        guard !isExhausted, let done = try? file.read(at: position, into: target, count: count), done > 0 else {
            return forever_averror_eof()
        }
        position += Int64(done)
        bytesLeft -= Int64(done)
        return Int32(done)
    }

    private func seek(_ offset: Int64, _ whence: Int32) -> Int64 {
        if whence & AVSEEK_SIZE != 0 { return file.size }
        seeksLeft -= 1
        let base: Int64
        switch whence & 0xff {
        case SEEK_SET: base = 0
        case SEEK_CUR: base = position
        case SEEK_END: base = file.size
        default: return Int64(forever_averror(EINVAL))
        }
        let (target, overflow) = base.addingReportingOverflow(offset)
        guard !overflow, target >= 0, !isExhausted else { return Int64(forever_averror(EINVAL)) }
        position = target
        return target
    }
}
