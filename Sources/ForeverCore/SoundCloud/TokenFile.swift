import Foundation
import Glibc

/// The file that keeps the token between starts: mode 0600, one writer, written whole or not at all.
///
/// A second process that opens the same file is refused: a refresh token works once, and two writers would use it
/// twice. **Thread:** one user at a time.
public final class TokenFile: Sendable {
    public let path: String
    private let lockFD: Int32

    /// Takes the file for this process. **Errors:** another process has it, or its folder cannot be written.
    public init(path: String) throws(TokenFileError) {
        self.path = path
        lockFD = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lockFD >= 0 else { throw .unwritable(path, String(cString: strerror(errno))) }
        guard flock(lockFD, LOCK_EX | LOCK_NB) == 0 else {
            close(lockFD)
            throw .taken(path)
        }
    }

    deinit { close(lockFD) }

    /// What is kept for that client; an empty record where there is none, it is another's, or nobody can read it.
    public func read(clientID: String) -> TokenRecord {
        let empty = TokenRecord(clientID: clientID)
        let fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard fd >= 0 else { return empty }
        let file = FileHandle(fileDescriptor: fd, closeOnDealloc: true)
        guard let data = try? file.read(upToCount: CloudLimits.fileBytesMax),
            let record = try? JSONDecoder().decode(TokenRecord.self, from: data), record.clientID == clientID
        else { return empty }
        return record
    }

    /// **Errors:** why the file could not be written; the one that was there stays.
    func write(_ record: TokenRecord) throws(TokenFileError) {
        guard let data = try? JSONEncoder().encode(record) else { return }
        let draft = path + ".new"
        unlink(draft)
        let fd = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard fd >= 0 else { throw .unwritable(path, String(cString: strerror(errno))) }
        let file = FileHandle(fileDescriptor: fd, closeOnDealloc: true)
        do {
            try file.write(contentsOf: data)
            // The next token is worth nothing if the one before it comes back after a power failure.
            try file.synchronize()
        } catch {
            unlink(draft)
            throw .unwritable(path, "\(error)")
        }
        guard rename(draft, path) == 0 else {
            let reason = String(cString: strerror(errno))
            unlink(draft)
            throw .unwritable(path, reason)
        }
    }

    /// Removes what is kept at `path`.
    public static func remove(path: String) {
        for name in [path, path + ".new", path + ".lock"] { unlink(name) }
    }
}

/// Why the token cannot be kept.
public enum TokenFileError: Error, Hashable, Sendable, CustomStringConvertible {
    case taken(String)
    case unwritable(String, String)

    public var description: String {
        switch self {
        case .taken(let path): "another station uses \(path): a token can have one keeper only"
        case .unwritable(let path, let why): "cannot write \(path): \(why)"
        }
    }
}
