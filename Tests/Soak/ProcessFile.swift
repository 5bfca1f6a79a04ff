import Glibc

/// What the system says of a process: memory and descriptors.
struct ProcessFile {
    /// Resident bytes without the mapped ring, which is the stream and not what serves it.
    var residentBytes: Int64 = 0
    var descriptors = 0

    init(pid: Int32) {
        var isRing = false
        for line in Self.text("/proc/\(pid)/smaps").split(separator: "\n") {
            if line.hasPrefix("Rss:") {
                if !isRing { residentBytes += Self.kilobytes(line) * 1_024 }
            } else if let first = line.utf8.first, line.utf8.contains(UInt8(ascii: "-")), first < 0x41 || first > 0x5A {
                isRing = line.hasSuffix("stream.ring") || line.hasSuffix("stream.ring (deleted)")
            }
        }
        guard let folder = opendir("/proc/\(pid)/fd") else { return }
        defer { closedir(folder) }
        while readdir(folder) != nil { descriptors += 1 }
        descriptors -= 2  // "." and ".."
    }

    private static func kilobytes(_ line: Substring) -> Int64 {
        line.split(separator: " ").dropFirst().first.flatMap { Int64($0) } ?? 0
    }

    /// The whole of a file; files in /proc say nothing of their length. Empty when it cannot be read.
    static func text(_ path: String) -> String {
        let fd = open(path, O_RDONLY | O_CLOEXEC)
        guard fd >= 0 else { return "" }
        defer { close(fd) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(fd, &buffer, buffer.count)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += buffer[..<count]
        }
    }
}
