/// What is done to whom and when, drawn from a seed and nothing else. Pure.
///
/// The root is never away for longer than its relays can play on: what happens after that is not promised to be unheard.
struct FaultPlan {
    enum Act {
        /// SIGKILL, and started again after so long.
        case kill(awaySeconds: Double)
        /// SIGSTOP for so long.
        case stop(seconds: Double)
        /// SIGTERM, which lets listeners go, and started again so long after its end.
        case drain(awaySeconds: Double)
    }

    struct Fault: CustomStringConvertible {
        var atSeconds: Double
        /// 0 is the root.
        var node: Int
        var act: Act

        var description: String {
            let name = node == 0 ? "root" : "relay \(node)"
            return switch act {
            case .kill(let away): "kill \(name) for \(Report.text(away)) s"
            case .stop(let seconds): "stop \(name) for \(Report.text(seconds)) s"
            case .drain(let away): "drain \(name) and start it again \(Report.text(away)) s after its end"
            }
        }

        /// What is counted together.
        var kind: String {
            let name = node == 0 ? "root" : "relay"
            return switch act {
            case .kill: "kill \(name)"
            case .stop: "stop \(name)"
            case .drain: "drain \(name)"
            }
        }
    }

    /// In the order of their moments.
    let faults: [Fault]

    /// One fault after the other comes this much later on average, for each server. **Units:** s.
    private static let restSeconds = 16.0
    /// What no listener of the stopped server itself hears. **Units:** s.
    private static let shortStopSeconds = 0.3...4.0
    private static let longStopSeconds = 4.0...11.0
    /// A server is left in peace for so long after a fault, so that what one does is told from the next. **Units:** s.
    private static let peaceSeconds = 8.0

    /// - nodes: servers, the root among them
    /// - from, to: the faults lie in between, their effects end before `to`. **Units:** s.
    /// - leadSeconds: what relays hold when the root goes away
    /// - drainSeconds: what a drain takes
    init(
        seed: UInt64, nodes: Int, from start: Double, to end: Double, leadSeconds: Double, drainSeconds: Double
    ) {
        var random = SoakRandom(seed: seed)
        var faults: [Fault] = []
        var free = [Double](repeating: start, count: nodes)
        var now = start
        while true {
            now += random.seconds(0...2) * Self.restSeconds / Double(nodes)
            guard now < end else { break }
            let node = Int.random(in: 0..<nodes, using: &random)
            let kind = Int.random(in: 0..<10, using: &random)
            let away = random.seconds(0.1...8)
            let isLong = Bool.random(using: &random)
            let pause = random.seconds(isLong ? Self.longStopSeconds : Self.shortStopSeconds)
            let act: Act
            let lasts: Double
            if node == 0 {
                // Half of the lead at most: starting again takes its time as well.
                let awayMax = min(away, leadSeconds / 2 - 2)
                act = kind < 7 ? .kill(awaySeconds: awayMax) : .stop(seconds: min(pause, awayMax))
                lasts = leadSeconds
            } else if kind < 5 {
                act = .kill(awaySeconds: away)
                lasts = away
            } else if kind < 8 {
                act = .stop(seconds: pause)
                lasts = pause
            } else {
                act = .drain(awaySeconds: away)
                lasts = drainSeconds + away
            }
            guard free[node] <= now, now + lasts < end else { continue }
            free[node] = now + lasts + Self.peaceSeconds
            faults.append(Fault(atSeconds: now, node: node, act: act))
        }
        self.faults = faults
    }
}
