import Foundation
import Synchronization

/// A program started by a test: its output as it comes, its end, its exit status.
///
/// The program never outlives the test process: a watcher beside it ends it when the test process is gone.
/// Thread: everything may be called from anywhere.
package final class RunningProgram: Sendable {
    package let name: String
    private let process: Process
    private let input = Pipe()
    private let output = CollectedOutput()
    private let errors = CollectedOutput()

    /// Becomes the program itself (same process number) after leaving a watcher behind.
    private static let wrapper = """
        ( while sleep 1; do [ -d /proc/$$ ] || exit 0; [ -d "/proc/$0" ] || { kill -9 $$; exit 0; }; done ) \
        </dev/null >/dev/null 2>&1 &
        exec "$@"
        """

    package init(_ path: String, _ arguments: [String] = [], environment: [String: String] = [:]) throws {
        name = String(path.split(separator: "/").last ?? "")
        process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", Self.wrapper, "\(getpid())", path] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = input
        process.standardOutput = output.pipe
        process.standardError = errors.pipe
        output.collect()
        errors.collect()
        try process.run()
    }

    package var processID: Int32 { process.processIdentifier }
    package var isRunning: Bool { process.isRunning }
    package var outputBytes: [UInt8] { output.bytes }
    package var outputText: String { String(decoding: output.bytes, as: UTF8.self) }
    package var errorText: String { String(decoding: errors.bytes, as: UTF8.self) }

    package func write(_ bytes: some Sequence<UInt8>) throws {
        try input.fileHandleForWriting.write(contentsOf: Data(bytes))
    }

    package func closeInput() { try? input.fileHandleForWriting.close() }

    /// Sends `signal` (SIGKILL: ends at once) and waits for the end.
    package func end(signal: Int32 = SIGTERM, seconds: Double = 10) {
        guard process.isRunning else { return }
        kill(processID, signal)
        let deadline = Deadline(seconds: seconds)
        while process.isRunning && !deadline.passed { usleep(10_000) }
        if process.isRunning {
            kill(processID, SIGKILL)
            process.waitUntilExit()
        }
    }

    /// Waits for the end and gives the exit status, 128 + n after signal n; ends the program after `seconds`.
    package func status(withinSeconds seconds: Double) throws -> Int32 {
        let deadline = Deadline(seconds: seconds)
        while process.isRunning {
            if deadline.passed {
                end(signal: SIGKILL)
                throw TestKitFailure("\(name) still ran after \(seconds) s; it said: \(errorText.suffix(2000))")
            }
            usleep(10_000)
        }
        output.waitForEnd()
        errors.waitForEnd()
        return process.terminationReason == .uncaughtSignal ? 128 + process.terminationStatus : process.terminationStatus
    }
}

/// What came through one pipe, read by a thread of its own.
private final class CollectedOutput: Sendable {
    private static let bytesMax = 64 << 20
    let pipe = Pipe()
    private let collected = Mutex<[UInt8]>([])
    private let ended = DispatchSemaphore(value: 0)

    var bytes: [UInt8] { collected.withLock { $0 } }

    func collect() {
        Thread.detachNewThread { [self] in
            while let data = try? pipe.fileHandleForReading.read(upToCount: 1 << 16), !data.isEmpty {
                collected.withLock { if $0.count < Self.bytesMax { $0.append(contentsOf: data) } }
            }
            ended.signal()
        }
    }

    /// After the program's end; bounded, because a grandchild may hold the pipe open.
    func waitForEnd() {
        if ended.wait(timeout: .now() + 2) == .success { ended.signal() }
    }
}
