import Glibc

/// By what it is seen that a file is another one than it was: when it was written, how long it is, and which file it is.
struct FileStamp: Hashable {
    private var seconds: Int
    private var nanoseconds: Int
    private var bytes: Int64
    private var inode: UInt64
    private var device: UInt64

    /// Follows links, since tools that renew certificates put a new link. **Errors:** `stat`'s, in words.
    init(_ path: String) throws(TLSError) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw .cannotRead(file: path, reason: String(cString: strerror(errno)))
        }
        seconds = status.st_mtim.tv_sec
        nanoseconds = status.st_mtim.tv_nsec
        bytes = Int64(status.st_size)
        inode = UInt64(status.st_ino)
        device = UInt64(status.st_dev)
    }

    /// Of several files; nil in the place of one that cannot be looked at.
    static func all(_ paths: [String]) -> [FileStamp?] { paths.map { path in try? FileStamp(path) } }
}
