import ForeverHTTP

/// Lets a fan-out's steps happen in time, by one timer of its loop. **Thread:** the loop's.
final class FanoutStepper {
    private let loop: EventLoop
    private let fanout: Fanout
    private var timer: TimerID?
    private var handler = TimerHandler {}

    /// `before` runs before the steps of a turn (whoever owns the clock moves live on), `after` runs after them.
    init(
        loop: EventLoop, fanout: Fanout, before: @escaping () -> Void = {}, after: @escaping () -> Void = {}
    ) {
        self.loop = loop
        self.fanout = fanout
        handler = TimerHandler { [unowned self] in
            timer = nil
            before()
            step()
            after()
            arm()
        }
    }

    /// Sees to it that the next step happens. To be called when somebody has joined.
    func arm() {
        guard timer == nil, let due = fanout.nextStepNanoseconds else { return }
        timer = loop.schedule(atNanoseconds: due, handler)
    }

    deinit { stop() }

    func stop() {
        if let timer { loop.cancel(timer) }
        timer = nil
    }

    /// Late by more than one step, the missed ones are made up for at once, a period's worth at most.
    private func step() {
        var steps = 0
        while let due = fanout.nextStepNanoseconds, due <= loop.nowNanoseconds,
            steps < fanout.settings.stepsPerPeriod
        {
            fanout.step(now: loop.nowNanoseconds)
            steps += 1
        }
    }
}
