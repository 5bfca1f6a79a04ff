import CLinux
import Glibc

/// A thread that does nothing but run an event loop of its own, for work that one core is not enough for.
///
/// No signal is handled on it. **Thread:** made and stopped by one thread; the loop's own rules hold for the rest.
public final class LoopThread {
    public let loop: EventLoop
    private var thread = pthread_t()
    private var isRunning = false

    /// Starts it. Linux shows 15 bytes of the name. **Errors:** no descriptor or no thread left.
    public init(name: String, limits: LoopLimits = LoopLimits()) throws(SystemError) {
        loop = try EventLoop(limits: limits)
        let context = Unmanaged.passRetained(Start(loop: loop, name: name))
        // Signals go to the thread that watches them: this one inherits a mask with all of them blocked.
        var all = sigset_t()
        var before = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &before)
        let code = pthread_create(
            &thread, nil,
            { context in
                let start = Unmanaged<Start>.fromOpaque(context!).takeRetainedValue()
                clinux_name_thread(start.name)
                start.loop.run()
                return nil
            }, context.toOpaque())
        pthread_sigmask(SIG_SETMASK, &before, nil)
        guard code == 0 else {
            context.release()
            throw SystemError("pthread_create", code: code)
        }
        isRunning = true
    }

    deinit { stop() }

    /// Ends the loop when the jobs posted before have run, and waits for the thread.
    public func stop() {
        guard isRunning else { return }
        isRunning = false
        let loop = self.loop
        // A full mailbox takes no job: then the loop ends without those that wait.
        if !loop.post({ loop.stop() }) { loop.stop() }
        pthread_join(thread, nil)
    }

    private final class Start {
        let loop: EventLoop
        let name: String

        init(loop: EventLoop, name: String) {
            self.loop = loop
            self.name = name
        }
    }
}
