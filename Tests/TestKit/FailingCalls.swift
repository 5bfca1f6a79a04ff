internal import CScriptedCalls
import Glibc

/// Lets one system call of a run fail, the `failing`th, and watches the descriptors meanwhile.
///
/// Tests run the same scenario with 1, 2, 3 and so on, until a run ends before its call has come.
package final class FailingCalls {
    /// What a call may fail with. A call that is not here does not fail: `epoll_ctl` for a change, say, fails only when
    /// the program is wrong.
    private static let errors: [Int: [Int32]] = [
        scripted_call_send: [EPIPE, EAGAIN, ECONNRESET, EINTR, ENOBUFS, ETIMEDOUT],
        scripted_call_sendmsg: [EPIPE, EAGAIN, ECONNRESET, EINTR, ENOBUFS, ETIMEDOUT],
        scripted_call_recv: [ECONNRESET, EAGAIN, EINTR, ETIMEDOUT],
        scripted_call_read: [EAGAIN, EINTR],
        scripted_call_write: [EINTR],
        scripted_call_socket: [EMFILE, ENFILE, ENOBUFS, ENOMEM],
        scripted_call_bind: [EADDRINUSE, EACCES],
        scripted_call_listen: [EADDRINUSE],
        scripted_call_connect: [ECONNREFUSED, ENETUNREACH, EADDRNOTAVAIL, EINTR],
        scripted_call_accept: [EMFILE, ECONNABORTED, ENFILE, EINTR, ENOBUFS, EAGAIN],
        scripted_call_getsockname: [ENOBUFS],
        scripted_call_getsockopt: [ENOBUFS],
        scripted_call_setsockopt: [ENOBUFS],
        scripted_call_shutdown: [ENOTCONN],
        scripted_call_close: [EINTR],
        scripted_call_epoll_create: [EMFILE, ENOMEM],
        scripted_call_epoll_ctl: [ENOMEM, ENOSPC],
        scripted_call_epoll_wait: [EINTR],
        scripted_call_eventfd: [EMFILE, ENFILE],
        scripted_call_open: [EMFILE, EACCES, ENOSPC, EROFS],
        scripted_call_flock: [EWOULDBLOCK, ENOLCK],
        scripted_call_fstat: [EIO],
        scripted_call_ftruncate: [EIO, EFBIG],
        scripted_call_fallocate: [ENOSPC, EIO],
        scripted_call_mmap: [ENOMEM, ENODEV],
    ].reduce(into: [:]) { $0[Int($1.key)] = $1.value }

    private static let makers = [
        scripted_call_socket, scripted_call_accept, scripted_call_epoll_create, scripted_call_eventfd,
        scripted_call_open,
    ].map { Int($0) }

    private let failing: Int
    private let choice: Int
    private let spared: Set<Int>
    private var calls = 0
    /// What failed, for messages; nil when the run ended before.
    package private(set) var failed: String?
    /// Descriptors made in the run and not closed.
    package private(set) var open: Set<Int32> = []
    /// Descriptors closed that were not open.
    package private(set) var closedTwice: [Int32] = []

    /// - failing: which call, counted from 1
    /// - choice: which of the errors that call may have
    /// - sparing: kinds of calls that are neither counted nor fail
    package init(failing: Int, choice: Int, sparing: [Int] = []) {
        self.failing = failing
        self.choice = choice
        spared = Set(sparing)
    }

    package func run<Result>(_ body: () throws -> Result) rethrows -> Result {
        let script = ScriptedCalls(
            decide: { [unowned self] in decide($0) }, done: { [unowned self] in done($0, $1) })
        return try script.run(body)
    }

    private func decide(_ call: borrowing scripted_call) -> scripted_answer {
        let kind = Int(call.kind)
        guard let errors = Self.errors[kind], !spared.contains(kind) else { return .pass }
        if kind == Int(scripted_call_epoll_ctl), call.operation != 1 { return .pass }  // EPOLL_CTL_ADD
        calls += 1
        guard calls == failing else { return .pass }
        let code = errors[choice % errors.count]
        failed = "call \(calls), of kind \(kind) on \(call.fd), failed with \(String(cString: strerror(code)))"
        // Linux has closed the descriptor even when it says that it was interrupted.
        return kind == Int(scripted_call_close) ? .failAfter(code) : .fail(code)
    }

    private func done(_ call: borrowing scripted_call, _ result: Int) {
        if Self.makers.contains(Int(call.kind)), result >= 0 { open.insert(Int32(result)) }
        guard Int(call.kind) == Int(scripted_call_close) else { return }
        open.remove(call.fd)
        if result != 0 { closedTwice.append(call.fd) }
    }
}
