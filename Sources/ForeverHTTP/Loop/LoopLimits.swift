/// Every maximum of an event loop.
public struct LoopLimits: Sendable {
    /// Jobs that may wait in the mailbox. 65 536 closures are a few megabytes: a loop that far behind is stuck.
    public var mailboxJobsMax = 65_536
    /// Events taken from the kernel in one turn; the rest come in the next.
    public var eventsPerTurnMax = 1_024
    /// The longest sleep when no timer is due: a guard only, since the mailbox wakes the loop.
    public var sleepMillisecondsMax: Int32 = 60_000

    public init() {}
}
