/// How long after the common beats each side's attacks are steepest. **Units:** s.
public struct AttackDelays: Codable, Hashable, Sendable {
    public var outgoing: Double
    public var incoming: Double

    public init(outgoing: Double, incoming: Double) {
        self.outgoing = outgoing
        self.incoming = incoming
    }
}
