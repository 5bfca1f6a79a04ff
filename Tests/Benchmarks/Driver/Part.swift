/// What can be measured; each can be asked for alone.
enum Part: String, CaseIterable {
    case cost, icecast, memory, connect, tls
    case tenThousand = "ten-thousand"
    case arrivals, churn, mission

    /// Takes ten minutes or so: not measured unless `--long` or its name asks for it.
    var isLong: Bool { self == .churn || self == .mission }

    /// These share their runs: one server, one thousand listeners.
    static let ofOneRun: Set<Part> = [.cost, .icecast, .memory]
}
