import ForeverHTTP
import ForeverRelay

/// What the root is doing, as its pages say it: for kills at chosen moments.
final class TimelineWatch {
    private static let pollMilliseconds: Int64 = 100

    private unowned let soak: Soak
    private var transitions: [ClosedRange<Int64>] = []
    private var newestTrack = -1
    private var edge: Int64 = 0
    private var currentTransition: Int64?
    private(set) var leadSeconds = 0.0
    private(set) var decisions = 0
    /// Set at every decision, for whoever waits for one.
    var hasDecided = false
    var killsInTransition = 0

    init(soak: Soak) { self.soak = soak }

    /// Whether what is mixed just now is a transition.
    var isInTransition: Bool { transitions.contains { $0.contains(edge) } }

    func start() {
        let life = soak.root.life
        leadSeconds = soak.root.state == .up ? leadSeconds : 0
        soak.survey.ask(soak.root, "all.json") { [self] json in
            guard soak.root.life == life else { return }
            take(json)
        }
        soak.loop.schedule(after: .milliseconds(Self.pollMilliseconds)) { [self] in start() }
    }

    private func take(_ json: JSONValue) {
        let live = json["livePosition"]?.integer ?? 0
        let rate = json["byteRate"]?.number ?? 16_000
        edge = json["mixingEdgePosition"]?.integer ?? 0
        leadSeconds = Double(edge - live) / rate
        transitions = (json["transitions"]?.array ?? []).compactMap { transition in
            guard let start = transition["startPosition"]?.integer, let end = transition["endPosition"]?.integer,
                start <= end
            else { return nil }
            return start...end
        }
        let now = transitions.first { $0.contains(edge) }?.lowerBound
        if now != currentTransition {
            currentTransition = now
            killsInTransition = 0
        }
        let newest = Int(json["tracks"]?.array?.last?["index"]?.integer ?? -1)
        if newest > newestTrack {
            newestTrack = newest
            decisions += 1
            hasDecided = true
        }
    }
}
