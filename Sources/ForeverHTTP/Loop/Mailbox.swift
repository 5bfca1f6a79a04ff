import CLinux
import Glibc
import Synchronization

/// Work that other threads hand to a loop: a bounded list behind a lock, and an eventfd that wakes the loop once
/// for however much was put in since it last looked.
package final class Mailbox: Sendable {
    private struct Job: @unchecked Sendable { let body: () -> Void }
    private struct State {
        var jobs: [Job] = []
        var isClosed = false
    }

    /// Readable while there is something to do.
    package let fd: Int32
    private let jobsMax: Int
    private let state = Mutex(State())

    package init(jobsMax: Int) throws(SystemError) {
        fd = eventfd(0, Int32(EFD_NONBLOCK) | Int32(EFD_CLOEXEC))
        guard fd >= 0 else { throw SystemError("eventfd") }
        self.jobsMax = jobsMax
    }

    deinit { close(fd) }

    /// Puts a job in. **Thread:** any. False when the mailbox is full or closed: the job will never run.
    package func post(_ body: sending @escaping () -> Void) -> Bool {
        let job = Job(body: body)
        let (accepted, isFirst) = state.withLock { state in
            guard !state.isClosed, state.jobs.count < jobsMax else { return (false, false) }
            state.jobs.append(job)
            return (true, state.jobs.count == 1)
        }
        if isFirst { wake() }
        return accepted
    }

    /// Makes the eventfd readable. **Thread:** any.
    package func wake() {
        var one: UInt64 = 1
        _ = retryingInterrupts { write(fd, &one, 8) }
    }

    /// Runs what was in the mailbox when it was called; what these jobs post comes next time.
    package func drain() {
        var count: UInt64 = 0
        _ = retryingInterrupts { read(fd, &count, 8) }
        var jobs: [Job] = []
        state.withLock { swap(&$0.jobs, &jobs) }
        for job in jobs { job.body() }
    }

    /// Drops what waits and takes no more.
    package func closeForGood() {
        var jobs: [Job] = []
        state.withLock {
            $0.isClosed = true
            swap(&$0.jobs, &jobs)
        }
    }
}
