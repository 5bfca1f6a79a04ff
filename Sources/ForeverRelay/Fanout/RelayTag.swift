/// A relay's id as four bytes of a connection's slot.
///
/// Two relays in four thousand million have the same; then one is cut with the other, and comes again.
public struct RelayTag: Hashable, Sendable {
    public static let none = RelayTag(bits: 0)

    private let bits: UInt32

    private init(bits: UInt32) { self.bits = bits }

    /// FNV-1a (Fowler, Noll, Vo 1991) of the id.
    public init(_ id: String) {
        let hash = id.utf8.reduce(UInt32(0x811C_9DC5)) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
        bits = max(1, hash)
    }
}
