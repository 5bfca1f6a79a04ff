import Foundation

/// A file being written, by position. Owns its descriptor.
final class ByteOutput {
    let path: String
    private let fd: Int32
    private(set) var position: Int64 = 0

    /// Makes the file, or empties it. **Errors:** no such folder, no permission, or something there that is no file.
    init(path: String) throws(CodecError) {
        guard !path.utf8.contains(0), !path.isEmpty else {
            throw CodecError.refused(reason: "not a file name", path: path)
        }
        fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0o666)
        guard fd >= 0 else { throw CodecError.system("open", errno, path) }
        self.path = path
        var status = stat()
        guard fstat(fd, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw CodecError.refused(reason: "not a plain file", path: path)
        }
    }

    deinit { close(fd) }

    func seek(to offset: Int64) { position = offset }

    /// Writes all of `bytes` at the current position.
    func write(_ bytes: UnsafeRawBufferPointer) throws(CodecError) {
        var done = 0
        while done < bytes.count {
            let part = pwrite(fd, bytes.baseAddress! + done, bytes.count - done, off_t(position))
            if part > 0 {
                done += part
                position += Int64(part)
            } else if errno != EINTR {
                throw CodecError.system("write", part == 0 ? ENOSPC : errno, path)
            }
        }
    }

    var size: Int64 {
        var status = stat()
        return fstat(fd, &status) == 0 ? Int64(status.st_size) : position
    }
}
