/// Whether the peer takes an answer fast enough: looks at it once per `writeStallSecondsMax`. Pure.
///
/// What the kernel's queue took is not yet taken by the peer, and the queue may hold megabytes: at each look the bytes that
/// still wait there are taken off.
package struct AnswerPace {
    /// When to look next; nil while nothing waits.
    package private(set) var deadline: Int64?
    private var movedBytes = 0
    private var takenAtLastLook = 0

    package init() {}

    package mutating func offered(movedBytes: Int, waitingBytes: Int, limits: HTTPLimits, now: Int64) {
        self.movedBytes += movedBytes
        if waitingBytes == 0 {
            deadline = nil
        } else if deadline == nil {
            takenAtLastLook = self.movedBytes - movedBytes
            deadline = now + Int64(limits.writeStallSecondsMax * 1e9)
        }
    }

    /// Looks, if it is time to; true when the peer has taken too little since the last look.
    package mutating func isTooSlow(undeliveredBytes: Int, limits: HTTPLimits, now: Int64) -> Bool {
        guard let deadline, deadline <= now else { return false }
        let taken = movedBytes - undeliveredBytes
        if Double(taken - takenAtLastLook) < limits.answerBytesPerSecondMin * limits.writeStallSecondsMax {
            return true
        }
        takenAtLastLook = taken
        self.deadline = now + Int64(limits.writeStallSecondsMax * 1e9)
        return false
    }
}
