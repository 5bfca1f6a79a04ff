import Glibc

/// Where a program keeps what must survive it.
package enum DataFolder {
    /// The folder that `--data` stands for when it is not given: `$XDG_DATA_HOME/forever` or `~/.local/share/forever`.
    package static func standard(environment: [String: String], program: String) -> String {
        if let base = environment["XDG_DATA_HOME"], base.hasPrefix("/") { return "\(base)/\(program)" }
        if let home = environment["HOME"], home.hasPrefix("/") { return "\(home)/.local/share/\(program)" }
        return "/var/lib/\(program)"
    }

    /// Makes the folder and those above it; false with errno set when that is impossible.
    package static func make(_ path: String) -> Bool {
        var partial = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            partial += part + "/"
            if mkdir(partial, 0o755) != 0, errno != EEXIST { return false }
        }
        return access(path, W_OK) == 0
    }

    /// The environment of this process.
    package static func environment() -> [String: String] {
        var result: [String: String] = [:]
        var entry = environ
        while let text = entry.pointee {
            let pair = String(cString: text).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if pair.count == 2 { result[String(pair[0])] = String(pair[1]) }
            entry += 1
        }
        return result
    }

    /// A whole small file; nil when it cannot be read or is larger than `bytesMax`.
    package static func contents(of path: String, bytesMax: Int = 1 << 20) -> [UInt8]? {
        let fd = open(path, O_RDONLY | O_CLOEXEC)
        guard fd >= 0 else { return nil }
        defer { close(fd) }
        var result: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(fd, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { return result }
            result += piece[0..<count]
            if result.count > bytesMax { return nil }
        }
    }

    /// The bytes without white space at both ends, as a token file is read.
    package static func trimmed(_ bytes: [UInt8]) -> [UInt8] {
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
        return Array(bytes.drop(while: isSpace).reversed().drop(while: isSpace).reversed())
    }
}
