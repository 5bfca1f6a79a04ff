/// A music file that a scan came upon, by its looks: nothing of it has been read.
public struct FoundFile: Hashable, Sendable {
    /// Absolute.
    public var path: String
    public var byteCount: Int64
    /// When its content last changed, since 1970. **Units:** ns.
    public var modifiedNanoseconds: Int64

    public init(path: String, byteCount: Int64, modifiedNanoseconds: Int64) {
        self.path = path
        self.byteCount = byteCount
        self.modifiedNanoseconds = modifiedNanoseconds
    }

    /// Endings of the files that are looked at, in lower case; the file's own case does not matter.
    public static let extensions: Set<String> = ["mp3", "flac", "ogg", "oga", "opus", "m4a", "aac", "mp4", "wav"]

    /// Whether a file of this name is one to look at.
    public static func isMusic(name: String) -> Bool {
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return false }
        return extensions.contains(name[name.index(after: dot)...].lowercased())
    }
}

/// Something a scan passed over, with the reason; each place is reported once.
public struct ScanProblem: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Reason: Hashable, Sendable {
        /// The system's words.
        case unreadable(String)
        case notMusic
        case nameNotUTF8
        case emptyFile
        case pathTooLong
        case tooDeep(limit: Int)
        case folderTooLarge(byteLimit: Int)
        case tooManyFiles(limit: Int)
        case tooManyFolders(limit: Int)
    }

    public var path: String
    public var reason: Reason

    public init(path: String, reason: Reason) {
        self.path = path
        self.reason = reason
    }

    public var description: String {
        switch reason {
        case .unreadable(let words): "\(path): \(words)"
        case .notMusic: "\(path): neither a folder nor a music file"
        case .nameNotUTF8: "\(path): the name is not UTF-8"
        case .emptyFile: "\(path): empty"
        case .pathTooLong: "\(path): the path is too long"
        case .tooDeep(let limit): "\(path): deeper than \(limit) folders"
        case .folderTooLarge(let limit): "\(path): its names take more than \(limit) bytes; the rest is passed over"
        case .tooManyFiles(let limit): "\(path): more than \(limit) files; the rest is passed over"
        case .tooManyFolders(let limit): "\(path): more than \(limit) folders; the rest is passed over"
        }
    }
}
