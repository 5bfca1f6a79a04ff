import CLinux
import ForeverHTTP
import Glibc
import Synchronization
import Testing

struct EventLoopTests {
    @Test func keepsTheOrderOfATurn() throws {
        final class Flush: Flushable {
            let note: () -> Void
            init(_ note: @escaping () -> Void) { self.note = note }
            func flush() { note() }
        }
        let clock = ManualClock()
        let loop = try EventLoop(clock: clock)
        var notes: [String] = []
        let accepting = eventfd(1, Int32(EFD_NONBLOCK))
        let socket = eventfd(1, Int32(EFD_NONBLOCK))
        defer {
            close(accepting)
            close(socket)
        }
        let first = try loop.register(fd: accepting, interest: .readable, accepting: true) { _ in notes.append("accept")
        }
        let second = try loop.register(fd: socket, interest: .readable) { _ in
            notes.append("socket")
            loop.flushLater(Flush { notes.append("flush") })
            loop.afterSockets { notes.append("deferred") }
        }
        loop.schedule(after: .zero) { notes.append("timer") }
        let posted = LoopBound({ notes.append("mailbox") }, loop: loop)
        loop.post { posted.value() }
        loop.turn(sleepMillisecondsMax: 100)
        #expect(notes == ["timer", "mailbox", "socket", "accept", "deferred", "flush"])
        loop.deregister(first)
        loop.deregister(second)
    }

    @Test func timersFireByTheLoopsClockInOrder() throws {
        let clock = ManualClock()
        let loop = try EventLoop(clock: clock)
        var fired: [Int] = []
        for milliseconds in [30, 10, 20, 10] {
            loop.schedule(after: .milliseconds(milliseconds)) { fired.append(milliseconds) }
        }
        let cancelled = loop.schedule(after: .milliseconds(15)) { fired.append(15) }
        loop.turn(sleepMillisecondsMax: 0)
        #expect(fired == [])
        #expect(loop.cancel(cancelled))
        clock.advance(by: .milliseconds(20))
        loop.turn(sleepMillisecondsMax: 0)
        #expect(fired == [10, 10, 20])
        clock.advance(by: .milliseconds(10))
        loop.turn(sleepMillisecondsMax: 0)
        #expect(fired == [10, 10, 20, 30])
        #expect(!loop.cancel(cancelled))
    }

    @Test func aTimerThatSetsItselfAnewLetsTheTurnEnd() throws {
        let loop = try EventLoop(clock: ManualClock())
        var count = 0
        func again() {
            count += 1
            loop.schedule(after: .zero, again)
        }
        again()
        for turns in 1...3 {
            loop.turn(sleepMillisecondsMax: 0)
            #expect(count == turns + 1)
        }
    }

    @Test func dropsEventsOfADescriptorThatWasReused() throws {
        let loop = try EventLoop(clock: ManualClock())
        let a = eventfd(1, Int32(EFD_NONBLOCK))
        let b = eventfd(1, Int32(EFD_NONBLOCK))
        var registrations: [Int32: Registration] = [:]
        var newHandlerCalls = 0
        var closed: Int32 = -1
        // Whichever is handled first closes the other; its number comes back at once for something not readable.
        func handle(_ own: Int32, _ other: Int32) {
            guard closed < 0 else { return }
            loop.deregister(registrations[other]!)
            close(other)
            closed = other
            let reused = eventfd(0, Int32(EFD_NONBLOCK))
            let moved = reused == other ? reused : dup2(reused, other)
            if reused != other { close(reused) }
            registrations[other] = try? loop.register(fd: moved, interest: .readable) { _ in newHandlerCalls += 1 }
        }
        registrations[a] = try loop.register(fd: a, interest: .readable) { _ in handle(a, b) }
        registrations[b] = try loop.register(fd: b, interest: .readable) { _ in handle(b, a) }
        loop.turn(sleepMillisecondsMax: 10)
        #expect(closed >= 0)
        #expect(newHandlerCalls == 0)
        for registration in registrations.values { loop.deregister(registration) }
        close(a)
        close(b)
    }

    @Test func takesJobsFromManyThreads() throws {
        let loop = try EventLoop()
        let threads = 4
        let jobsEach = 2_000
        final class Counter { var count = 0 }
        let counter = Counter()
        let bound = LoopBound(counter, loop: loop)
        for _ in 0..<threads {
            startThread {
                for _ in 0..<jobsEach {
                    loop.post {
                        bound.value.count += 1
                        if bound.value.count == threads * jobsEach { loop.stop() }
                    }
                }
            }
        }
        loop.run()
        #expect(counter.count == threads * jobsEach)
    }

    @Test func aFullMailboxRefuses() throws {
        var limits = LoopLimits()
        limits.mailboxJobsMax = 3
        let loop = try EventLoop(clock: ManualClock(), limits: limits)
        final class Counter { var count = 0 }
        let counter = LoopBound(Counter(), loop: loop)
        let accepted = (0..<5).map { _ in loop.post { counter.value.count += 1 } }
        #expect(accepted == [true, true, true, false, false])
        loop.turn(sleepMillisecondsMax: 10)
        #expect(counter.value.count == 3)
        let acceptedLater = loop.post {}
        #expect(acceptedLater)
    }

    @Test func anotherThreadMayNotTouchARunningLoop() async {
        await #expect(processExitsWith: .failure) {
            let loop = try EventLoop()
            startThread { loop.run() }
            let isRunning = Atomic(false)
            while !isRunning.load(ordering: .acquiring) {
                loop.post {}
                usleep(1_000)
                loop.schedule(after: .zero) {}
            }
        }
    }

    @Test func hearsSignals() async {
        await #expect(processExitsWith: .success) {
            let loop = try EventLoop()
            var heard: [Int32] = []
            let watch = try SignalWatch(loop: loop) { signal in
                heard.append(signal)
                if signal == SIGTERM { loop.stop() }
            }
            pthread_kill(pthread_self(), SIGHUP)
            pthread_kill(pthread_self(), SIGTERM)
            loop.run()
            precondition(heard == [SIGHUP, SIGTERM])
            withExtendedLifetime(watch) {}
        }
    }
}

/// Runs `body` on a thread of its own, which is not waited for.
func startThread(_ body: @escaping @Sendable () -> Void) {
    final class Box {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    let box = Unmanaged.passRetained(Box(body))
    let code = pthread_create(
        &thread, nil,
        { context in
            Unmanaged<Box>.fromOpaque(context!).takeRetainedValue().body()
            return nil
        }, box.toOpaque())
    precondition(code == 0)
    pthread_detach(thread)
}
