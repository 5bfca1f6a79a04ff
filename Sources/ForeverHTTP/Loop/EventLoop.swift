import Glibc
import Synchronization

/// Names one watched file descriptor. Stale once deregistered: the descriptor's number may be reused, this is not.
public struct Registration: Hashable, Sendable {
    public let fd: Int32
    let generation: UInt32
}

/// Something with bytes to send once per turn, at the turn's end.
public protocol Flushable: AnyObject {
    func flush()
}

/// One thread's sockets, timers and posted work.
///
/// One turn is, always in this order: **sleep** until something is due, **refresh the clock**, due **timers**, the
/// **mailbox**, **ready sockets** with accepting sockets last, **deferred work**, and **flush**: everybody with bytes
/// to send sends once. So a turn's answers leave together, a flood of new connections cannot starve those that are
/// there, and `nowNanoseconds` is one value throughout a turn.
///
/// **Thread:** everything belongs to the thread that runs the loop (before `run`, to whoever sets it up), except
/// `post`, `stop` and `LoopBound`, which any thread may use. Touching the rest from elsewhere stops the program.
public final class EventLoop: @unchecked Sendable {
    /// Bytes that one read takes at most, shared by all connections of the loop.
    package static let scratchBytes = 65_536

    public let clock: any LoopClock
    private let limits: LoopLimits
    private let poller: Poller
    private let mailbox: Mailbox
    private let stopping = Atomic<Bool>(false)
    private let owner = Atomic<UInt>(0)

    private var table = RegistrationTable()
    private var timers = TimerHeap<TimerHandler>()
    private var deferred: [() -> Void] = []
    private var dirty: [any Flushable] = []
    package let scratch: UnsafeMutableRawBufferPointer

    /// The monotonic clock as it stood when this turn began.
    public private(set) var nowNanoseconds: Int64
    /// The wall clock as it stood when this turn began.
    public private(set) var wallMilliseconds: Int64
    /// Turns so far.
    public private(set) var turnCount: UInt64 = 0

    /// **Errors:** no file descriptors left.
    public init(clock: any LoopClock = SystemClock(), limits: LoopLimits = LoopLimits()) throws(SystemError) {
        self.clock = clock
        self.limits = limits
        poller = try Poller(eventsMax: limits.eventsPerTurnMax)
        mailbox = try Mailbox(jobsMax: limits.mailboxJobsMax)
        scratch = .allocate(byteCount: Self.scratchBytes, alignment: 16)
        nowNanoseconds = clock.monotonicNanoseconds
        wallMilliseconds = clock.wallMilliseconds
        try poller.add(mailbox.fd, .readable, token: RegistrationTable.mailboxToken)
    }

    deinit {
        mailbox.closeForGood()
        scratch.deallocate()
    }

    // MARK: Running

    /// Turns until `stop`. The calling thread becomes the loop's.
    public func run() {
        owner.store(UInt(pthread_self()), ordering: .relaxed)
        while !stopping.load(ordering: .acquiring) { turn() }
        stopping.store(false, ordering: .relaxed)
        owner.store(0, ordering: .releasing)
    }

    /// Makes `run` return after the turn it is in. **Thread:** any.
    public func stop() {
        stopping.store(true, ordering: .releasing)
        mailbox.wake()
    }

    /// One turn, sleeping at most so long. `run` does this for ever; tests and simulations do it by hand.
    public func turn(sleepMillisecondsMax: Int32? = nil) {
        let ready = poller.wait(milliseconds: sleepMilliseconds(sleepMillisecondsMax ?? limits.sleepMillisecondsMax))
        nowNanoseconds = clock.monotonicNanoseconds
        wallMilliseconds = clock.wallMilliseconds
        turnCount &+= 1
        let addedCount = timers.addedCount
        while let handler = timers.popDue(now: nowNanoseconds, addedCount: addedCount) { handler.body() }
        for index in 0..<ready where poller.token(index) == RegistrationTable.mailboxToken { mailbox.drain() }
        dispatch(ready, accepting: false)
        dispatch(ready, accepting: true)
        runDeferred()
        flushDirty()
    }

    private func sleepMilliseconds(_ most: Int32) -> Int32 {
        if !deferred.isEmpty || !dirty.isEmpty || stopping.load(ordering: .relaxed) { return 0 }
        guard let deadline = timers.earliestDeadline else { return most }
        // Rounded up: a timer never fires early, and the loop never spins through its last millisecond.
        let wait = max(0, deadline - clock.monotonicNanoseconds)
        return Int32(min(Int64(most), wait / 1_000_000 + (wait % 1_000_000 > 0 ? 1 : 0)))
    }

    private func dispatch(_ ready: Int, accepting: Bool) {
        for index in 0..<ready {
            guard let handler = table.handler(poller.token(index), accepting: accepting) else { continue }
            handler(poller.readiness(index))
        }
    }

    private func runDeferred() {
        var rounds = 0
        while !deferred.isEmpty && rounds < 2 {  // what deferred work defers may still run now, once
            var jobs: [() -> Void] = []
            swap(&jobs, &deferred)
            for job in jobs { job() }
            rounds += 1
        }
    }

    private func flushDirty() {
        guard !dirty.isEmpty else { return }
        var list: [any Flushable] = []
        swap(&list, &dirty)
        for item in list { item.flush() }
    }

    // MARK: Timers

    /// Runs `body` in the first turn that begins so much later, or after that.
    @discardableResult
    public func schedule(after duration: Duration, _ body: @escaping () -> Void) -> TimerID {
        let (deadline, overflow) = nowNanoseconds.addingReportingOverflow(duration.wholeNanoseconds)
        return schedule(atNanoseconds: overflow ? .max : deadline, body)
    }

    /// Runs `body` in the first turn whose `nowNanoseconds` is not before this.
    @discardableResult
    public func schedule(atNanoseconds deadline: Int64, _ body: @escaping () -> Void) -> TimerID {
        schedule(atNanoseconds: deadline, TimerHandler(body))
    }

    /// The same with a handler that is kept for the next time.
    @discardableResult
    public func schedule(atNanoseconds deadline: Int64, _ handler: TimerHandler) -> TimerID {
        requireLoopThread()
        return timers.add(deadline: deadline, handler)
    }

    /// True when the timer had not fired.
    @discardableResult
    public func cancel(_ timer: TimerID) -> Bool {
        requireLoopThread()
        return timers.cancel(timer)
    }

    // MARK: Sockets

    /// Calls `handler` in every turn in which `fd` is ready for what is asked, until deregistered.
    ///
    /// `accepting` sockets are handled after all others. Deregister before closing the descriptor.
    /// **Errors:** what `epoll_ctl` says; registering a descriptor twice stops the program.
    public func register(
        fd: Int32, interest: Readiness, accepting: Bool = false, handler: @escaping (Readiness) -> Void
    ) throws(SystemError) -> Registration {
        requireLoopThread()
        let registration = table.add(fd: fd, interest: interest, accepting: accepting, handler: handler)
        do throws(SystemError) {
            try poller.add(fd, interest, token: RegistrationTable.token(registration))
        } catch {
            table.remove(registration)
            throw error
        }
        return registration
    }

    /// Changes what is waited for; nothing happens when it is the same, or the registration is stale.
    public func setInterest(_ registration: Registration, _ interest: Readiness) {
        requireLoopThread()
        guard table.setInterest(registration, interest) else { return }
        do throws(SystemError) {
            try poller.change(registration.fd, interest, token: RegistrationTable.token(registration))
        } catch {
            preconditionFailure("a registered descriptor was closed: \(error)")
        }
    }

    /// Stops watching. A stale registration is ignored.
    public func deregister(_ registration: Registration) {
        requireLoopThread()
        if table.remove(registration) { poller.remove(registration.fd) }
    }

    // MARK: Work

    /// Runs `job` on the loop's thread, in the next turn. **Thread:** any.
    ///
    /// False when the mailbox is full (`LoopLimits.mailboxJobsMax`): the job will never run.
    @discardableResult
    public func post(_ job: sending @escaping () -> Void) -> Bool { mailbox.post(job) }

    /// Runs `job` in this turn, after the sockets and before the flush.
    public func afterSockets(_ job: @escaping () -> Void) {
        requireLoopThread()
        deferred.append(job)
    }

    /// Calls `item.flush()` once at the end of this turn. The item itself sees to being in the list only once.
    public func flushLater(_ item: any Flushable) {
        requireLoopThread()
        dirty.append(item)
    }

    /// Stops the program when the caller is not on the loop's thread.
    public func requireLoopThread() {
        let thread = owner.load(ordering: .relaxed)
        precondition(thread == 0 || thread == UInt(pthread_self()), "this belongs to the event loop's thread")
    }
}
