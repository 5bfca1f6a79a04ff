/// How a fan-out serves its listeners, and its limits.
public struct FanoutSettings: Sendable {
    /// One send per listener in this time: the number of sends is what costs, not the bytes.
    public var periodNanoseconds: Int64 = 1_000_000_000
    /// The period is served in so many steps, so that sends spread over it. After every sleep the caches are cold: eight steps
    /// cost 3 % more than four, twenty 5 % more still; and 10 000 listeners fill a sixth of each of four.
    public var stepsPerPeriod = 4
    /// Event loops that serve listeners, each a thread: the owner's and so many less one.
    public var loops = 1
    /// What a new listener gets at once.
    public var burstSeconds = 6.0
    /// A listener that takes no byte for so long is gone.
    public var stalledSecondsMax: Int64 = 15
    /// Players open trial connections (VLC does); one counts when it has heard so much.
    public var countedAfterSeconds: Int64 = 5
    /// Connections served at once, listeners and relays together. 100 000 slots are 9 MB.
    public var connectionsMax = 100_000

    public init() {}

    var stepNanoseconds: Int64 { periodNanoseconds / Int64(stepsPerPeriod) }

    /// Bytes that the kernel may hold for one listener: the burst and two periods. Beyond it, the listener is behind.
    func sendBufferBytes(_ format: StreamFormat) -> Int32 {
        let periods = 2 * Double(periodNanoseconds) / 1e9
        return Int32(format.bytes(seconds: burstSeconds + periods))
    }
}
