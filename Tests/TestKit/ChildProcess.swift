import Foundation
import Synchronization

/// A process started with `posix_spawn`, reaped by a thread of its own as soon as it ends.
///
/// (Foundation's Process takes a process for running while any grandchild lives, so it does not serve here.)
/// Thread: everything may be called from anywhere.
final class ChildProcess: Sendable {
    let processID: Int32
    /// Our ends of its standard input, output and error.
    let input: FileHandle
    let output: FileHandle
    let errors: FileHandle
    /// Raw wait status once it has ended.
    private let ended = Mutex<Int32?>(nil)

    /// One start at a time, so that no child inherits another one's pipes.
    private static let starting = Mutex(())

    init(_ arguments: [String], environment: [String: String]) throws {
        let (pid, pipes) = try Self.starting.withLock { _ in try Self.start(arguments, environment) }
        processID = pid
        input = FileHandle(fileDescriptor: pipes[0].write, closeOnDealloc: true)
        output = FileHandle(fileDescriptor: pipes[1].read, closeOnDealloc: true)
        errors = FileHandle(fileDescriptor: pipes[2].read, closeOnDealloc: true)
        Thread.detachNewThread { [self] in reap() }
    }

    var isRunning: Bool { ended.withLock { $0 == nil } }

    /// The exit status, 128 + n after signal n; nil while it runs.
    var status: Int32? {
        ended.withLock { raw in
            raw.map { $0 & 0x7F == 0 ? ($0 >> 8) & 0xFF : 128 + ($0 & 0x7F) }
        }
    }

    /// Never reaches another process: an ended one keeps its number until it is marked as ended.
    func send(_ signal: Int32) {
        ended.withLock { if $0 == nil { _ = kill(processID, signal) } }
    }

    private func reap() {
        var information = siginfo_t()
        while waitid(P_PID, id_t(processID), &information, WEXITED | WNOWAIT) != 0 && errno == EINTR {}
        ended.withLock { status in
            var raw: Int32 = 0
            while waitpid(processID, &raw, 0) < 0 && errno == EINTR {}
            status = raw
        }
    }

    private typealias Ends = (read: Int32, write: Int32)

    private static func start(_ arguments: [String], _ environment: [String: String]) throws -> (Int32, [Ends]) {
        var pipes: [Ends] = []
        for _ in 0..<3 {
            var ends: [Int32] = [-1, -1]
            guard pipe(&ends) == 0 else { throw TestKitFailure("pipe: errno \(errno)") }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            pipes.append((ends[0], ends[1]))
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let childEnds = [pipes[0].read, pipes[1].write, pipes[2].write]
        for (number, end) in childEnds.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, end, Int32(number))
        }
        // The threads that tests run on block signals; a child must not inherit that.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        let words = arguments.map { strdup($0) } + [nil]
        let variables = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { (words + variables).forEach { free($0) } }
        var pid: Int32 = 0
        let failure = posix_spawn(&pid, arguments[0], &actions, &attributes, words, variables)
        for end in childEnds { close(end) }
        guard failure == 0 else {
            for end in [pipes[0].write, pipes[1].read, pipes[2].read] { close(end) }
            throw TestKitFailure("cannot start \(arguments[0]): errno \(failure)")
        }
        return (pid, pipes)
    }
}
