import Foundation

/// What a server asked the kernel for, per second.
struct SyscallCount {
    /// All system calls; nil when nobody can count them here.
    var all: Double?
    /// Those that send.
    var sends: Double
    /// "perf", "strace" or "metrics".
    var source: String

    private static let sendEvents = ["sendto", "sendmsg", "write", "writev", "sendmmsg"]

    /// Counts for so many seconds: perf costs the server almost nothing, strace a lot; without both, the server's own
    /// `/metrics` knows its sends.
    static func take(_ server: Server, seconds: Int) -> SyscallCount? {
        perf(server, seconds: seconds) ?? strace(server, seconds: seconds) ?? metrics(server, seconds: seconds)
    }

    private static func perf(_ server: Server, seconds: Int) -> SyscallCount? {
        let events = ["raw_syscalls:sys_enter"] + sendEvents.map { "syscalls:sys_enter_\($0)" }
        guard
            let text = Tools.output(
                of: "perf",
                ["stat", "-x,", "-e", events.joined(separator: ","), "-p", "\(server.child.pid)"]
                    + ["--", "sleep", "\(seconds)"],
                errors: true)
        else { return nil }
        var all: Double?
        var sends = 0.0
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: ",", omittingEmptySubsequences: false)
            guard fields.count > 2, let count = Double(fields[0]) else { continue }
            if fields[2].hasPrefix("raw_syscalls") { all = count } else { sends += count }
        }
        return all.map { SyscallCount(all: $0 / Double(seconds), sends: sends / Double(seconds), source: "perf") }
    }

    private static func strace(_ server: Server, seconds: Int) -> SyscallCount? {
        guard Tools.path(of: "strace") != nil, Tools.path(of: "timeout") != nil else { return nil }
        let path = NSTemporaryDirectory() + "/forever-bench-strace-\(getpid())"
        defer { for file in [path, path + ".log"] { try? FileManager.default.removeItem(atPath: file) } }
        let arguments = ["--preserve-status", "-s", "INT", "\(seconds)", "strace", "-c", "-f", "-o", path]
        guard let child = try? Child("timeout", arguments + ["-p", "\(server.child.pid)"], logPath: path + ".log")
        else {
            return nil
        }
        _ = child.wait()
        var all = 0.0
        var sends = 0.0
        for line in ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "").split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count >= 5, Double(words[0]) != nil, let count = Double(words[3]), let name = words.last,
                name != "total"
            else { continue }
            all += count
            if sendEvents.contains(String(name)) { sends += count }
        }
        guard all > 0 else { return nil }
        return SyscallCount(all: all / Double(seconds), sends: sends / Double(seconds), source: "strace")
    }

    private static func metrics(_ server: Server, seconds: Int) -> SyscallCount? {
        guard server.isForever else { return nil }
        let before = LoopbackHTTP.metrics(port: server.port)["forever_sends_total"]
        sleep(UInt32(seconds))
        let after = LoopbackHTTP.metrics(port: server.port)["forever_sends_total"]
        guard let before, let after else { return nil }
        return SyscallCount(all: nil, sends: (after - before) / Double(seconds), source: "metrics")
    }
}
