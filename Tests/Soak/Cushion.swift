/// What a player has in store: it plays from its first byte on, in real time. Pure.
struct Cushion {
    private let byteRate: Double
    private var beginNanoseconds: Int64?
    private var bytes: Int64 = 0

    init(byteRate: Int64) { self.byteRate = Double(byteRate) }

    /// Seconds of sound in store; below 0 it has been silent for so long. Nil before the first byte.
    func seconds(now: Int64) -> Double? {
        beginNanoseconds.map { Double(bytes) / byteRate - Double(now - $0) / 1e9 }
    }

    /// Sound has come. Gives how long it was missing before; 0 when it was not.
    mutating func take(_ count: Int, now: Int64) -> Double {
        defer { bytes += Int64(count) }
        guard let left = seconds(now: now), let begin = beginNanoseconds else {
            beginNanoseconds = now
            return 0
        }
        guard left < 0 else { return 0 }
        // It plays on from here, later by what was missing.
        beginNanoseconds = begin + Int64(-left * 1e9)
        return -left
    }
}
