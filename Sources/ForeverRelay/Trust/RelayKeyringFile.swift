import ForeverHTTP
import Glibc

/// The keyring's file, `relays.json` in the station's `--data`: the running station and the command line both change it.
///
/// Who changes it holds a lock beside it, reads it anew, and replaces it whole; who only reads needs no lock.
/// **Thread:** any, one at a time.
public struct RelayKeyringFile: Sendable {
    static let bytesMax = 4 << 20
    /// The lock is asked for so often, 5 ms apart; who holds it writes one file.
    public static let lockTriesMax = 100

    public let path: String

    public init(path: String) { self.path = path }

    /// Why the keyring cannot be read or changed.
    public enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
        /// not JSON, or not a keyring
        case damaged(String)
        /// from a later version of this program
        case newer(String)
        /// somebody else has been changing it all the time
        case busy(String)
        case system(String)

        public var description: String {
            switch self {
            case .damaged(let what): what
            case .newer(let path): "\(path) was written by a later version of this program"
            case .busy(let path): "\(path) is being changed by another program all the time"
            case .system(let what): what
            }
        }
    }

    package var stamp: WholeFile.Stamp? { WholeFile.Stamp(path) }

    /// The keyring; an empty one when there is no file.
    public func load() throws(Failure) -> RelayKeyring {
        guard access(path, F_OK) == 0 else {
            if errno == ENOENT { return RelayKeyring() }
            throw .system("\(path): \(SystemError("access"))")
        }
        guard let bytes = DataFolder.contents(of: path, bytesMax: Self.bytesMax) else {
            throw .system("\(path) cannot be read")
        }
        let json: JSONValue
        do throws(JSONError) { json = try JSONParser.parse(bytes) } catch {
            throw .damaged("\(path) is damaged: \(error)")
        }
        if let version = json["version"]?.integer, version > RelayKeyring.version { throw .newer(path) }
        guard let keyring = RelayKeyring(json) else { throw .damaged("\(path) is damaged: it is no list of relays") }
        return keyring
    }

    /// Changes the keyring as it is in the file now, and gives what `body` gives.
    ///
    /// `known` is what takes the place of a damaged file, which is set aside; without it a damaged file is an error.
    /// **Cost:** waits for the disk.
    @discardableResult
    public func change<Result>(
        orElse known: RelayKeyring? = nil, lockTriesMax: Int = lockTriesMax,
        _ body: (inout RelayKeyring) -> Result
    ) throws(Failure) -> Result {
        let lock = try lock(triesMax: lockTriesMax)
        defer { close(lock) }
        let before: RelayKeyring
        var isSetAside = false
        do throws(Failure) {
            before = try load()
        } catch {
            guard case .damaged = error, let known else { throw error }
            _ = WholeFile.setAside(path)
            isSetAside = true
            before = known
        }
        var keyring = before
        let result = body(&keyring)
        guard keyring != before || isSetAside else { return result }
        do throws(SystemError) {
            try WholeFile.replace(path, with: keyring.json.bytes + [0x0A])
        } catch {
            throw .system("\(path): \(error)")
        }
        return result
    }

    /// The descriptor that holds the lock; closing it, or the process's end, gives it back.
    private func lock(triesMax: Int) throws(Failure) -> Int32 {
        let fd = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard fd >= 0 else { throw .system("\(path).lock: \(SystemError("open"))") }
        for _ in 0..<triesMax {
            if flock(fd, LOCK_EX | LOCK_NB) == 0 { return fd }
            guard errno == EWOULDBLOCK || errno == EINTR else {
                let error = SystemError("flock")
                close(fd)
                throw .system("\(path).lock: \(error)")
            }
            usleep(5_000)
        }
        close(fd)
        throw .busy(path)
    }
}
