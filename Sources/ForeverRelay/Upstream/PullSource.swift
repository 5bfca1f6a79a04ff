import ForeverHTTP

/// One place from which a relay can take the stream.
public struct PullSource: Hashable, Sendable {
    /// the id of the relay there; nil for the root
    public var id: String?
    /// where the stream is, its path included
    public var address: HTTPAddress
    /// what that relay wants to see; nil for the root, which wants the asker's own proof
    public var ticket: PullTicket?

    public init(id: String?, address: HTTPAddress, ticket: PullTicket? = nil) {
        self.id = id
        self.address = address
        self.ticket = ticket
    }

    public var isRoot: Bool { id == nil }

    /// Whether it is the same place; tickets are renewed every few seconds.
    func isSame(as other: PullSource) -> Bool { id == other.id && address == other.address }
}

extension PullSource {
    /// Reads one of the `sources` of a report's reply; nil when it is none. The root calls itself null, and is where the
    /// relay's own options say.
    init?(_ json: JSONValue, child: String, root: HTTPAddress) {
        guard let id = json["id"]?.string else {
            guard json["id"] == .null else { return nil }
            self.init(id: nil, address: root)
            return
        }
        guard (1...64).contains(id.utf8.count), let url = json["url"]?.string, let address = HTTPAddress(url),
            address.target == "/"
        else { return nil }
        let ticket = json["ticket"]?.string.flatMap { PullTicket($0, child: child) }
        self.init(id: id, address: address.with(target: root.target), ticket: ticket)
    }

    /// The same as the root writes it.
    var json: JSONValue {
        [
            "id": .text(id), "url": id == nil ? .null : .string("\(address.scheme)://\(address.authority)"),
            "ticket": .text(ticket?.text),
        ]
    }
}
