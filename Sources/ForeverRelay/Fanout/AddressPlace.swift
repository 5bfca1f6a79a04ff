import ForeverHTTP

/// A connection's place in the count of its address, to be given back once.
public struct AddressPlace: Sendable {
    let counts: AddressCounts
    let number: Int32

    /// Takes the place over from the ticket.
    public init(_ ticket: AddressTicket) {
        counts = ticket.counts
        number = ticket.detach()
    }
}
