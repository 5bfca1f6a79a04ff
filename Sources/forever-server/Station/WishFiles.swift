import ForeverCore
import ForeverRelay
import Glibc

/// The lists by file: a line a track, its id or its path; lines that begin with # are none. A file is emptied when it
/// is read, as the original did. **Thread:** the scan's.
struct WishFiles {
    /// Bytes of one list: some thousand paths.
    static let bytesMax = 1 << 20
    /// Lines taken at once.
    static let linesMax = 500

    private var stamps: [String: WholeFile.Stamp] = [:]

    /// What stands in the file since the last look; it is empty then.
    mutating func take(_ path: String, say: (String) -> Void) -> [String] {
        guard let stamp = WholeFile.Stamp(path), stamps[path] != stamp else { return [] }
        stamps[path] = stamp
        guard let bytes = DataFolder.contents(of: path, bytesMax: WishFiles.bytesMax) else {
            say("not used: \(path): cannot be read, or is larger than \(WishFiles.bytesMax) bytes")
            return []
        }
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
            .map { String($0.trimmingPrefix(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed()) }
            .filter { !$0.isEmpty && !$0.hasPrefix("#") }
        guard !lines.isEmpty else { return [] }
        if truncate(path, 0) != 0 {
            say(
                "\(path) is read and cannot be emptied (\(String(cString: strerror(errno)))): it is read again when it changes"
            )
        }
        stamps[path] = WholeFile.Stamp(path)
        if lines.count > WishFiles.linesMax { say("\(path): the first \(WishFiles.linesMax) lines are taken") }
        return Array(lines.prefix(WishFiles.linesMax))
    }
}
