/// How many listeners each family of players has: sixteen small numbers, copied without a reference.
public struct AgentCounts: Hashable, Sendable {
    /// A family with fewer listeners could be somebody: it leaves the node as one of "other".
    public static let familyMin = 5

    private var counts = SIMD16<Int32>()

    public init() {}

    public subscript(_ family: AgentFamily) -> Int {
        get { Int(counts[Int(family.rawValue)]) }
        set { counts[Int(family.rawValue)] = Int32(clamping: newValue) }
    }

    public var total: Int { AgentFamily.allCases.reduce(0) { $0 + self[$1] } }

    mutating func add(_ other: AgentCounts) { counts &+= other.counts }

    /// The same with small families merged into "other".
    public var merged: AgentCounts {
        var result = self
        for family in AgentFamily.allCases where family != .other && result[family] < Self.familyMin {
            result[.other] += result[family]
            result[family] = 0
        }
        return result
    }

    /// Family names and counts, those that nobody has left out.
    package var json: JSONValue {
        .object(
            AgentFamily.allCases.filter { self[$0] > 0 }.map { JSONMember(name: $0.name, value: .count(self[$0])) })
    }

    /// Reads what `json` wrote; a family that is not known here counts as "other". Nil for what is no counts.
    package init?(_ json: JSONValue) {
        guard case .object(let members) = json, members.count <= 64 else { return nil }
        for member in members {
            guard let count = member.value.integer, (0...10_000_000).contains(count) else { return nil }
            let family = AgentFamily(name: member.name) ?? .other
            self[family] += Int(count)
        }
    }
}
