import Foundation

/// A program that runs beside the driver, and ends with it at the latest.
final class Child {
    private let process = Process()
    private let output = Pipe()
    private var pending: [UInt8] = []
    let logPath: String?

    var pid: Int32 { process.processIdentifier }
    var isRunning: Bool { process.isRunning }

    /// - cores: the processors it may use; nil: all
    /// - group: a control group's files that its process number is written to before it begins
    /// - logPath: where its output goes; nil: it is read by `nextLine()`
    init(
        _ program: String, _ arguments: [String], cores: String? = nil, groups: [String] = [], logPath: String? = nil
    ) throws(BenchError) {
        self.logPath = logPath
        // exec all the way: the process number stays, and with setpriv nobody outlives the driver.
        var words = [String]()
        if !groups.isEmpty {
            let enter = groups.map { "echo $$ > \($0); " }.joined()
            words += ["sh", "-c", enter + "exec \"$@\"", "sh"]
        }
        if Tools.path(of: "setpriv") != nil { words += ["setpriv", "--pdeathsig", "KILL"] }
        if let cores, Tools.path(of: "taskset") != nil { words += ["taskset", "-c", cores] }
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = words + [program] + arguments
        process.standardInput = FileHandle.nullDevice
        if let logPath {
            _ = FileManager.default.createFile(atPath: logPath, contents: nil)
            let log = FileHandle(forWritingAtPath: logPath) ?? FileHandle.nullDevice
            process.standardOutput = log
            process.standardError = log
        } else {
            process.standardOutput = output
        }
        do { try process.run() } catch { throw BenchError("\(program) cannot be started: \(error)") }
    }

    deinit { stop() }

    /// The next line of its output; nil at the end.
    func nextLine() -> String? {
        while true {
            if let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
                let line = String(decoding: pending[..<end], as: UTF8.self)
                pending.removeFirst(end + 1)
                return line
            }
            let data = output.fileHandleForReading.availableData
            if data.isEmpty { return nil }
            pending += data
        }
    }

    /// Asks it to stop, and makes it after five seconds.
    func stop() {
        guard process.isRunning else { return }
        process.terminate()
        let deadline = Date(timeIntervalSinceNow: 5)
        while process.isRunning && Date() < deadline { usleep(20_000) }
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
    }

    /// Lets it come to its end by itself.
    func wait() -> Int32 {
        process.waitUntilExit()
        return process.terminationStatus
    }

    /// The last lines of its log, for an error's text.
    var logTail: String {
        guard let logPath, let text = try? String(contentsOfFile: logPath, encoding: .utf8) else { return "" }
        return text.split(separator: "\n").suffix(5).joined(separator: "\n")
    }
}
