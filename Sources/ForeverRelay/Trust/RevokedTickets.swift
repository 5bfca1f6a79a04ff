/// Relays that were revoked so lately that tickets of theirs may still hold at other relays. Pure: time is handed in.
struct RevokedTickets {
    private var untilNanoseconds: [String: Int64] = [:]

    /// Takes over who is unwelcome now: each is told for as long as a ticket lives, from when it became so.
    mutating func take(_ unwelcome: [String], now: Int64) {
        let before = untilNanoseconds
        let until = now + PullTicket.lifeMilliseconds * 1_000_000
        untilNanoseconds = Dictionary(uniqueKeysWithValues: unwelcome.map { ($0, before[$0] ?? until) })
    }

    /// In a fixed order; at most as many as a keyring has members.
    func ids(now: Int64) -> [String] { untilNanoseconds.filter { $0.value > now }.keys.sorted() }
}
