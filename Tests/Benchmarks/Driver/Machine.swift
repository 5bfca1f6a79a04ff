import Foundation

/// What a reader of the figures wants to know about where they were taken.
enum Machine {
    static var facts: [String: String] {
        var facts = ["cores": "\(Workplace.cores)", "date": date, "kernel": "Linux \(kernel)"]
        facts["congestion control"] = line("/proc/sys/net/ipv4/tcp_congestion_control")
        facts["load average"] = line("/proc/loadavg").map { String($0.prefix { $0 != " " }) }
        facts["namespace"] = ProcessInfo.processInfo.environment["FOREVER_BENCH_NAMESPACE"] ?? "shared"
        return facts
    }

    private static var date: String {
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "UTC")
        formatter.dateFormat = "yyyy-MM-dd"
        return formatter.string(from: Date())
    }

    /// Major and minor number.
    private static var kernel: String {
        (line("/proc/sys/kernel/osrelease") ?? "").split(separator: ".").prefix(2).joined(separator: ".")
    }

    private static func line(_ path: String) -> String? {
        (try? String(contentsOfFile: path, encoding: .utf8))?.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
