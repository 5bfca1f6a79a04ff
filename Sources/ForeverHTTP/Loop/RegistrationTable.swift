/// Who watches which descriptor: slots by number, each with the generation of its present owner.
///
/// An event carries descriptor and generation; when the descriptor was closed and its number given out again within
/// the same turn, the generations differ and the event is dropped.
package struct RegistrationTable {
    private struct Slot {
        var generation: UInt32 = 0
        var interest: Readiness = []
        var isAccepting = false
        var handler: ((Readiness) -> Void)?
    }

    /// No generation is 0, so no registration has this token.
    package static let mailboxToken: UInt64 = 0

    private var slots: [Slot] = []
    private var generation: UInt32 = 0
    package private(set) var count = 0

    package init() {}

    package static func token(_ registration: Registration) -> UInt64 {
        UInt64(registration.generation) << 32 | UInt64(UInt32(registration.fd))
    }

    package mutating func add(
        fd: Int32, interest: Readiness, accepting: Bool, handler: @escaping (Readiness) -> Void
    ) -> Registration {
        let index = Int(fd)
        while slots.count <= index { slots.append(Slot()) }
        precondition(slots[index].handler == nil, "descriptor \(fd) is registered already")
        generation = generation == .max ? 1 : generation + 1
        slots[index] = Slot(generation: generation, interest: interest, isAccepting: accepting, handler: handler)
        count += 1
        return Registration(fd: fd, generation: generation)
    }

    private func isLive(_ registration: Registration) -> Bool {
        let index = Int(registration.fd)
        return index < slots.count && slots[index].generation == registration.generation
            && slots[index].handler != nil
    }

    /// True when the interest is another one now.
    package mutating func setInterest(_ registration: Registration, _ interest: Readiness) -> Bool {
        guard isLive(registration), slots[Int(registration.fd)].interest != interest else { return false }
        slots[Int(registration.fd)].interest = interest
        return true
    }

    /// True when there was something to remove.
    @discardableResult
    package mutating func remove(_ registration: Registration) -> Bool {
        guard isLive(registration) else { return false }
        slots[Int(registration.fd)] = Slot()
        count -= 1
        return true
    }

    /// The handler an event is for; nil when the event is stale or of the other kind.
    package func handler(_ token: UInt64, accepting: Bool) -> ((Readiness) -> Void)? {
        let index = Int(token & 0xffff_ffff)
        guard token != Self.mailboxToken, index < slots.count else { return nil }
        guard slots[index].generation == UInt32(token >> 32), slots[index].isAccepting == accepting else { return nil }
        return slots[index].handler
    }
}
