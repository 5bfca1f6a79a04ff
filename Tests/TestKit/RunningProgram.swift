import Foundation
import Synchronization

/// A program started by a test: its output as it comes, its end, its exit status.
///
/// The program never outlives the test process: a watcher beside it ends it when the test process is gone.
/// Thread: everything may be called from anywhere.
package final class RunningProgram: Sendable {
    package let name: String
    private let process: ChildProcess
    private let output: CollectedOutput
    private let errors: CollectedOutput

    /// Becomes the program itself (same process number) after leaving a watcher behind.
    private static let wrapper = """
        ( while sleep 1; do [ -d /proc/$$ ] || exit 0; [ -d "/proc/$0" ] || { kill -9 $$; exit 0; }; done ) \
        </dev/null >/dev/null 2>&1 &
        exec "$@"
        """

    package init(_ path: String, _ arguments: [String] = [], environment: [String: String] = [:]) throws {
        name = String(path.split(separator: "/").last ?? "")
        process = try ChildProcess(
            ["/bin/sh", "-c", Self.wrapper, "\(getpid())", path] + arguments,
            environment: ProcessInfo.processInfo.environment.merging(environment) { $1 })
        output = CollectedOutput(process.output)
        errors = CollectedOutput(process.errors)
    }

    package var processID: Int32 { process.processID }
    package var isRunning: Bool { process.isRunning }
    package var outputBytes: [UInt8] { output.bytes }
    package var outputText: String { String(decoding: output.bytes, as: UTF8.self) }
    package var errorText: String { String(decoding: errors.bytes, as: UTF8.self) }

    /// The output from byte `start` on.
    package func outputBytes(from start: Int) -> [UInt8] { output.bytes(from: start) }

    package func write(_ bytes: some Sequence<UInt8>) throws {
        try process.input.write(contentsOf: Data(bytes))
    }

    package func closeInput() { try? process.input.close() }

    /// Sends `signal` without waiting.
    package func send(signal: Int32) { process.send(signal) }

    /// Sends `signal` (SIGKILL: ends at once) and waits for the end, which is forced after `seconds`.
    package func end(signal: Int32 = SIGTERM, seconds: Double = 10) {
        process.send(signal)
        let deadline = Deadline(seconds: seconds)
        while process.isRunning && !deadline.passed { usleep(10_000) }
        process.send(SIGKILL)
        while process.isRunning { usleep(10_000) }
    }

    /// Waits for the end and gives the exit status, 128 + n after signal n; ends the program after `seconds`.
    package func status(withinSeconds seconds: Double) throws -> Int32 {
        let deadline = Deadline(seconds: seconds)
        while true {
            if let status = process.status {
                output.waitForEnd()
                errors.waitForEnd()
                return status
            }
            if deadline.passed {
                end(signal: SIGKILL)
                throw TestKitFailure("\(name) still ran after \(seconds) s; it said: \(errorText.suffix(2000))")
            }
            usleep(5_000)
        }
    }
}

/// What came through one pipe, read by a thread of its own.
private final class CollectedOutput: Sendable {
    private static let bytesMax = 256 << 20
    private let collected = Mutex<[UInt8]>([])
    private let ended = DispatchSemaphore(value: 0)

    init(_ pipe: FileHandle) {
        Thread.detachNewThread { [self] in
            // FileHandle's own read waits until it has all it was asked for.
            var block = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                let count = read(pipe.fileDescriptor, &block, block.count)
                if count < 0 && errno == EINTR { continue }
                if count <= 0 { break }
                collected.withLock { if $0.count < Self.bytesMax { $0 += block[..<count] } }
            }
            ended.signal()
        }
    }

    var bytes: [UInt8] { collected.withLock { $0 } }

    func bytes(from start: Int) -> [UInt8] { collected.withLock { Array($0.dropFirst(start)) } }

    /// After the program's end; bounded, because a grandchild may hold the pipe open.
    func waitForEnd() {
        if ended.wait(timeout: .now() + 2) == .success { ended.signal() }
    }
}
