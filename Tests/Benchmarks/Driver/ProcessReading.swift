import Foundation

/// A process's counters at one moment, and the machine's sockets.
struct ProcessReading {
    /// **Units:** s, monotonic.
    var seconds = Double(DispatchTime.now().uptimeNanoseconds) / 1e9
    /// Time on a processor, user and system, of all threads that live. **Units:** s.
    var cpuSeconds = 0.0
    /// Time that its threads were ready and others had the processor: what the machine's other work cost. **Units:** s.
    var waitSeconds = 0.0
    var residentBytes = 0.0
    /// Resident bytes of the mappings that hold the stream and not its listeners.
    var ringBytes = 0.0
    var descriptors = 0
    /// Bytes that TCP's buffers hold in this network namespace's kernel, and sockets without a process.
    var socketBytes = 0.0
    var orphans = 0.0

    /// - ring: what the path of a mapping contains that is the stream's
    init(pid: Int32, ring: [String] = []) {
        let base = "/proc/\(pid)"
        for thread in (try? FileManager.default.contentsOfDirectory(atPath: base + "/task")) ?? [] {
            let words = Self.text("\(base)/task/\(thread)/schedstat").split(separator: " ")
            guard words.count > 1, let ran = Double(words[0]), let waited = Double(words[1]) else { continue }
            cpuSeconds += ran / 1e9
            waitSeconds += waited / 1e9
        }
        for line in Self.text(base + "/status").split(separator: "\n") where line.hasPrefix("VmRSS:") {
            residentBytes = Self.kilobytes(line)
        }
        var isRing = false
        for line in ring.isEmpty ? [] : Self.text(base + "/smaps").split(separator: "\n") {
            if line.hasPrefix("Rss:") {
                if isRing { ringBytes += Self.kilobytes(line) }
            } else if line.contains("-"), line.first?.isHexDigit == true {
                isRing = ring.contains { line.contains($0) }
            }
        }
        descriptors = (try? FileManager.default.contentsOfDirectory(atPath: base + "/fd"))?.count ?? 0
        for line in Self.text("/proc/net/sockstat").split(separator: "\n") where line.hasPrefix("TCP:") {
            let words = line.split(separator: " ")
            func value(_ name: Substring) -> Double {
                guard let at = words.firstIndex(of: name), at + 1 < words.count else { return 0 }
                return Double(words[at + 1]) ?? 0
            }
            socketBytes = value("mem") * Double(sysconf(Int32(_SC_PAGESIZE)))
            orphans = value("orphan")
        }
    }

    /// The whole of a file in /proc, which gives no more than a page at a time and says nothing of its length.
    private static func text(_ path: String) -> String {
        let fd = open(path, O_RDONLY)
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

    private static func kilobytes(_ line: Substring) -> Double {
        (line.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0) * 1_024
    }
}
