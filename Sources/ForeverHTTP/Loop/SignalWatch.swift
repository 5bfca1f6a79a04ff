import CLinux
import Glibc

/// Signals as events of the loop, through a signalfd.
///
/// Create it before any other thread starts: threads inherit that these signals are blocked, and a thread that has
/// one unblocked would take it and end the program.
public final class SignalWatch {
    private let loop: EventLoop
    private let fd: Int32
    private var registration: Registration?

    /// Calls `handler` with `SIGINT`, `SIGTERM` or `SIGHUP` (or what `signals` names) when one comes.
    public init(
        loop: EventLoop, signals: [Int32] = [SIGINT, SIGTERM, SIGHUP], handler: @escaping (Int32) -> Void
    ) throws(SystemError) {
        self.loop = loop
        var set = sigset_t()
        sigemptyset(&set)
        for signal in signals { sigaddset(&set, signal) }
        pthread_sigmask(SIG_BLOCK, &set, nil)
        fd = signalfd(-1, &set, Int32(SFD_NONBLOCK) | Int32(SFD_CLOEXEC))
        guard fd >= 0 else { throw SystemError("signalfd") }
        let descriptor = fd
        registration = try loop.register(fd: fd, interest: .readable) { _ in
            var information = signalfd_siginfo()
            let size = MemoryLayout<signalfd_siginfo>.size
            while retryingInterrupts({ read(descriptor, &information, size) }) == size {
                handler(Int32(information.ssi_signo))
            }
        }
    }

    deinit {
        if let registration { loop.deregister(registration) }
        close(fd)
    }
}
