import ForeverHTTP

/// Carries a fault out, and ends it in its time.
struct FaultActor {
    let soak: Soak

    func carryOut(_ fault: FaultPlan.Fault) {
        let server = soak.servers[fault.node]
        // A server that something else happened to is left alone: that was a finding.
        guard server.state == .up else { return }
        soak.counts.faults[fault.kind, default: 0] += 1
        soak.event("\(fault)")
        switch fault.act {
        case .kill(let away):
            server.kill()
            start(server, afterSeconds: away)
        case .stop(let seconds):
            server.stop()
            soak.loop.schedule(after: .milliseconds(Int64(seconds * 1_000))) { server.goOn() }
        case .drain(let away):
            server.leave()
            awaitEnd(of: server, patienceSeconds: Network.drainSeconds + 5, awaySeconds: away)
        }
    }

    private func start(_ server: Server, afterSeconds seconds: Double) {
        soak.loop.schedule(after: .milliseconds(Int64(seconds * 1_000))) { [soak] in
            do throws(SoakError) { try server.start() } catch { soak.finding("\(error)") }
        }
    }

    /// A server that lets its listeners go ends by itself.
    private func awaitEnd(of server: Server, patienceSeconds: Double, awaySeconds: Double) {
        soak.loop.schedule(after: .milliseconds(100)) { [soak] in
            if let wrong = server.look() { soak.finding(wrong) }
            if server.state == .down { return start(server, afterSeconds: awaySeconds) }
            guard patienceSeconds > 0 else {
                soak.finding("\(server.name) was told to end and has not")
                server.kill()
                return start(server, afterSeconds: awaySeconds)
            }
            awaitEnd(of: server, patienceSeconds: patienceSeconds - 0.1, awaySeconds: awaySeconds)
        }
    }
}
