import Foundation

/// A control group with so much memory, kernel's socket buffers included: version 1 or 2, whichever is mounted.
final class ControlGroup {
    enum Version { case one, two }

    let version: Version
    private let path: String

    /// Makes one. **Errors:** when this user may not, or no memory controller is mounted.
    init(memoryBytes: Int) throws(BenchError) {
        let root = "/sys/fs/cgroup"
        let name = "forever-bench-\(getpid())"
        if FileManager.default.fileExists(atPath: root + "/memory/memory.limit_in_bytes") {
            version = .one
            path = "\(root)/memory/\(name)"
        } else {
            version = .two
            path = "\(root)/\(name)"
            try? Self.write("+memory +cpu", to: root + "/cgroup.subtree_control")
        }
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
            switch version {
            case .one:
                try Self.write("\(memoryBytes)", to: path + "/memory.limit_in_bytes")
                // Counted apart from the rest in version 1, and only once it has a limit.
                try Self.write("\(memoryBytes)", to: path + "/memory.kmem.tcp.limit_in_bytes")
                try? Self.write("\(memoryBytes)", to: path + "/memory.memsw.limit_in_bytes")
            case .two:
                try Self.write("\(memoryBytes)", to: path + "/memory.max")
                try? Self.write("0", to: path + "/memory.swap.max")
                try? Self.write("100000 100000", to: path + "/cpu.max")
            }
        } catch {
            rmdir(path)
            throw BenchError("no control group can be made here: \(error)")
        }
    }

    /// The file that takes the numbers of processes.
    var processesFile: String { path + "/cgroup.procs" }

    struct Usage {
        /// The most that was in use, of everything that counts.
        var peakBytes: Double
        /// Of that, or beside it in version 1, TCP's buffers; nil where the kernel keeps no peak of them.
        var socketPeakBytes: Double?
        /// How often the limit was met and something had to be freed.
        var limitHits: Double
        var kills: Double
        var swapBytes: Double
    }

    func usage() -> Usage {
        switch version {
        case .one:
            let sockets = number("memory.kmem.tcp.max_usage_in_bytes")
            return Usage(
                peakBytes: number("memory.max_usage_in_bytes") + sockets, socketPeakBytes: sockets,
                limitHits: number("memory.failcnt") + number("memory.kmem.tcp.failcnt"),
                kills: value("oom_kill", in: "memory.oom_control"), swapBytes: value("swap", in: "memory.stat"))
        case .two:
            return Usage(
                peakBytes: number("memory.peak"), socketPeakBytes: nil, limitHits: value("max", in: "memory.events"),
                kills: value("oom_kill", in: "memory.events"), swapBytes: number("memory.swap.current"))
        }
    }

    /// Once nobody is in it any more.
    func remove() { rmdir(path) }

    private static func write(_ text: String, to file: String) throws(BenchError) {
        let fd = open(file, O_WRONLY)
        guard fd >= 0 else { throw BenchError("\(file): \(String(cString: strerror(errno)))") }
        defer { close(fd) }
        guard Glibc.write(fd, text, text.utf8.count) == text.utf8.count else {
            throw BenchError("\(file): \(String(cString: strerror(errno)))")
        }
    }

    private func number(_ file: String) -> Double {
        let text = (try? String(contentsOfFile: "\(path)/\(file)", encoding: .utf8)) ?? ""
        return Double(text.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
    }

    private func value(_ name: Substring, in file: String) -> Double {
        let text = (try? String(contentsOfFile: "\(path)/\(file)", encoding: .utf8)) ?? ""
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 2, words[0] == name { return Double(words[1]) ?? 0 }
        }
        return 0
    }
}
