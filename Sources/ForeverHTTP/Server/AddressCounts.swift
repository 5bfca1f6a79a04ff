import Synchronization

/// Connections of each client address, up to a limit. **Thread:** any; the loops of a process share one.
///
/// Without a limit it counts nothing and costs nothing.
public final class AddressCounts: Sendable {
    private struct Slot {
        var client: IPAddress
        var count: Int32
    }

    private struct State {
        var indices: [IPAddress: Int32] = [:]
        var slots: [Slot] = []
        var free: [Int32] = []
    }

    /// Connections of one address; nil for any number.
    public let perAddressMax: Int?
    private let state = Mutex(State())

    public init(perAddressMax: Int?) { self.perAddressMax = perAddressMax }

    /// What `take` answers.
    package enum Answer {
        /// The address has its full number already.
        case refused
        /// Nothing is counted, for there is no limit.
        case uncounted
        case taken(AddressTicket)
    }

    /// Counts one more connection of this address, IPv6 by its /64. A refusal allocates nothing.
    package func take(_ address: IPAddress?) -> Answer {
        guard let perAddressMax, let client = address?.client else { return .uncounted }
        let index: Int32? = state.withLock { state in
            if let index = state.indices[client] {
                guard state.slots[Int(index)].count < perAddressMax else { return nil }
                state.slots[Int(index)].count += 1
                return index
            }
            guard perAddressMax > 0 else { return nil }
            let index = state.free.popLast() ?? Int32(state.slots.count)
            let slot = Slot(client: client, count: 1)
            if index == state.slots.count { state.slots.append(slot) } else { state.slots[Int(index)] = slot }
            state.indices[client] = index
            return index
        }
        return index.map { .taken(AddressTicket(self, index: $0)) } ?? .refused
    }

    /// Gives back one connection of the ticket that had this number (`AddressTicket.detach`). Giving back more than was taken
    /// stops the program.
    public func give(_ number: Int32) {
        state.withLock { state in
            let index = Int(number)
            precondition(state.slots[index].count > 0, "an address ticket was given back twice")
            state.slots[index].count -= 1
            guard state.slots[index].count == 0 else { return }
            state.indices[state.slots[index].client] = nil
            state.free.append(number)
        }
    }

    /// Connections of this address now.
    package func count(_ address: IPAddress) -> Int {
        state.withLock { state in state.indices[address.client].map { Int(state.slots[Int($0)].count) } ?? 0 }
    }

    /// Addresses with at least one connection.
    package var addressCount: Int { state.withLock { $0.indices.count } }
}

/// One connection counted for its address, given back when the last reference to the ticket goes.
public final class AddressTicket {
    /// Where it is counted.
    public let counts: AddressCounts
    private var index: Int32

    fileprivate init(_ counts: AddressCounts, index: Int32) {
        self.counts = counts
        self.index = index
    }

    deinit { if index >= 0 { counts.give(index) } }

    /// The ticket as a plain number, for tables without references; from now on the caller owes `counts.give(number)`, once.
    public func detach() -> Int32 {
        precondition(index >= 0, "an address ticket is detached once")
        defer { index = -1 }
        return index
    }
}
