import ForeverHTTP
import Glibc

/// Writes small files that must survive a kill whole, and that nobody else should read.
package enum WholeFile {
    /// Puts `bytes` where `path` is, whole or not at all: into a file beside it, onto the disk, then under its name.
    ///
    /// **Errors:** what the system says; what was there before is there still. **Cost:** waits for the disk, unless the file may be
    /// an older one after a power failure.
    package static func replace(
        _ path: String, with bytes: [UInt8], mode: mode_t = 0o600, waitsForDisk: Bool = true
    ) throws(SystemError) {
        let fresh = path + ".new"
        unlink(fresh)
        let fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
        guard fd >= 0 else { throw SystemError("open") }
        do throws(SystemError) {
            defer { close(fd) }
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = retryingInterrupts { rest.withUnsafeBytes { write(fd, $0.baseAddress, $0.count) } }
                guard count > 0 else { throw SystemError("write") }
                rest = rest.dropFirst(count)
            }
            guard !waitsForDisk || fsync(fd) == 0 else { throw SystemError("fsync") }
        } catch {
            unlink(fresh)
            throw error
        }
        guard rename(fresh, path) == 0 else { throw SystemError("rename") }
        if waitsForDisk { syncFolder(of: path) }
    }

    /// The new name is on the disk too; where the file system cannot do that, it is as good as it gets.
    private static func syncFolder(of path: String) {
        let end = path.utf8.lastIndex(of: UInt8(ascii: "/"))
        let folder = end.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard fd >= 0 else { return }
        fsync(fd)
        close(fd)
    }

    /// Moves a file that cannot be read out of the way, without losing it. **Returns** where it is now; nil when it cannot be
    /// moved.
    package static func setAside(_ path: String) -> String? {
        for number in 1...100 {
            let aside = "\(path).damaged-\(number)"
            if access(aside, F_OK) == 0 { continue }
            return rename(path, aside) == 0 ? aside : nil
        }
        return nil
    }

    /// What tells whether a file is still the one that was read.
    package struct Stamp: Hashable, Sendable {
        private let inode: UInt64
        private let seconds: Int
        private let nanoseconds: Int
        private let size: Int

        /// Nil when there is no such file.
        package init?(_ path: String) {
            var facts = stat()
            guard stat(path, &facts) == 0 else { return nil }
            inode = UInt64(facts.st_ino)
            seconds = Int(facts.st_mtim.tv_sec)
            nanoseconds = Int(facts.st_mtim.tv_nsec)
            size = Int(facts.st_size)
        }
    }
}
