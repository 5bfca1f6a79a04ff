import Foundation

/// A plain file's bytes by position, or bytes in memory read the same way.
///
/// Of a file it holds one descriptor, so the file may be renamed or replaced while it is read.
/// **Thread:** one user at a time.
final class FileBytes {
    let path: String
    /// Bytes in the file when it was opened.
    let size: Int64
    /// -1 where the bytes are in memory.
    private let fd: Int32
    private let memory: [UInt8]
    /// The last bytes read, so that packets in a row cost one system call per window.
    private let window: UnsafeMutableRawPointer
    private static let windowBytes = 64 << 10
    private var windowStart: Int64 = 0
    private var windowCount = 0

    /// **Errors:** no such file, no permission, or not a plain file (a pipe or device is never waited for).
    init(path: String) throws(CodecError) {
        guard !path.utf8.contains(0), !path.isEmpty else {
            throw CodecError.refused(reason: "not a file name", path: path)
        }
        fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard fd >= 0 else { throw CodecError.system("open", errno, path) }
        self.path = path
        var status = stat()
        guard fstat(fd, &status) == 0 else {
            let number = errno
            close(fd)
            throw CodecError.system("fstat", number, path)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(fd)
            throw CodecError.refused(reason: "not a plain file", path: path)
        }
        size = Int64(status.st_size)
        memory = []
        window = .allocate(byteCount: Self.windowBytes, alignment: 64)
    }

    /// Bytes that were never in a file; `name` stands for the path in messages.
    init(bytes: [UInt8], name: String) {
        fd = -1
        path = name
        memory = bytes
        size = Int64(bytes.count)
        window = .allocate(byteCount: 1, alignment: 1)
    }

    deinit {
        if fd >= 0 { close(fd) }
        window.deallocate()
    }

    /// The file's last path component, for guessing a format by extension.
    var name: String { path.split(separator: "/").last.map(String.init) ?? path }

    /// Reads up to `count` bytes at `offset`; fewer only at the end of the file. **Errors:** the file cannot be read, or
    /// has become shorter than it was.
    func read(at offset: Int64, into target: UnsafeMutableRawPointer, count: Int) throws(CodecError) -> Int {
        guard offset >= 0 else { return 0 }
        if fd < 0 {
            guard offset < size else { return 0 }
            let part = min(count, Int(size - offset))
            memory.withUnsafeBytes { target.copyMemory(from: $0.baseAddress! + Int(offset), byteCount: part) }
            return part
        }
        var done = 0
        while done < count {
            let place = offset + Int64(done)
            if place >= windowStart, place < windowStart + Int64(windowCount) {
                let skip = Int(place - windowStart)
                let part = min(count - done, windowCount - skip)
                (target + done).copyMemory(from: window + skip, byteCount: part)
                done += part
            } else if count - done >= Self.windowBytes {
                let part = try readOnce(at: place, into: target + done, count: count - done)
                if part == 0 { break }
                done += part
            } else {
                windowStart = place
                windowCount = 0
                windowCount = try readOnce(at: place, into: window, count: Self.windowBytes)
                if windowCount == 0 { break }
            }
        }
        return done
    }

    private func readOnce(at offset: Int64, into target: UnsafeMutableRawPointer, count: Int) throws(CodecError) -> Int
    {
        while true {
            let part = pread(fd, target, count, off_t(offset))
            if part == 0, offset < size {
                throw CodecError.refused(reason: "has become shorter while it was read", path: path)
            }
            if part >= 0 { return part }
            if errno != EINTR { throw CodecError.system("pread", errno, path) }
        }
    }
}
