/// How many connections a server that drains should still have. Pure.
package struct DrainPace {
    /// The last tenth of the time is for those who were not at a frame's end when their turn came.
    private static let share = 0.9

    private let connections: Int
    private let beginNanoseconds: Int64
    private let nanoseconds: Int64

    package init(connections: Int, beginNanoseconds: Int64, nanoseconds: Int64) {
        self.connections = connections
        self.beginNanoseconds = beginNanoseconds
        self.nanoseconds = nanoseconds
    }

    package func connections(now: Int64) -> Int {
        let span = Double(nanoseconds) * Self.share
        guard span > 0 else { return 0 }
        let past = min(1, max(0, Double(now - beginNanoseconds) / span))
        return Int((Double(connections) * (1 - past)).rounded(.up))
    }

    package func isOver(now: Int64) -> Bool { now - beginNanoseconds >= nanoseconds }
}
