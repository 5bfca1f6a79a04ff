import ForeverHTTP
import ForeverRelay
import Glibc

/// The root is killed again and again and goes on, unheard: at any moment, right after a decision, in the middle of a
/// transition, while it starts.
struct RestartSoak {
    /// Chosen moments are taken so often at most, so that the rest are any moments. **Units:** shares.
    private static let startUpShare = 0.35
    /// A start-up is cut short at most so often in a row: it must come to mixing before the lead is used up.
    private static let startUpsMax = 3
    private static let killsPerTransitionMax = 3

    let soak: Soak
    let place: Workplace

    func run(_ count: Int) throws(SoakError) {
        let options = soak.options
        try soak.begin()
        for player in soak.players { player.start(afterSeconds: Double(player.number % 20) / 10) }
        let timeline = TimelineWatch(soak: soak)
        timeline.start()
        var random = SoakRandom(seed: soak.seed)
        soak.run(seconds: 6)
        var done = 0
        while done < count, soak.findings.count < Soak.findingsMax {
            done += killAtSomeMoment(&random, timeline, left: count - done)
            try soak.wait("the root mixes ahead again", seconds: 60) { timeline.leadSeconds > options.leadSeconds - 2 }
        }
        soak.run(seconds: 3)
        let deaf = options.listeners - soak.hearingCount
        if deaf > 0 { soak.finding("\(deaf) players have no sound at the end") }
        let reference = soak.reference
        soak.stop()
        let sound = try reference.map { (reference) throws(SoakError) in
            try SeamCheck(place: place, data: soak.root.data).compare(reference)
        }
        if let wrong = sound?.wrong { soak.finding(wrong) }
        print(report(done, timeline, sound?.said ?? "nothing came"))
    }

    /// One kill, or several when the start itself is hit. Gives how many.
    private func killAtSomeMoment(_ random: inout SoakRandom, _ timeline: TimelineWatch, left: Int) -> Int {
        let patience = Bool.random(using: &random) ? random.seconds(0...1) : random.seconds(1...10)
        let deadline = soak.loop.nowNanoseconds + Int64(patience * 1e9)
        timeline.hasDecided = false
        var moment = "at any moment"
        while soak.loop.nowNanoseconds < deadline {
            soak.loop.turn(sleepMillisecondsMax: 5)
            if timeline.hasDecided {
                moment = "right after a decision"
                break
            }
            if timeline.isInTransition, timeline.killsInTransition < Self.killsPerTransitionMax {
                timeline.killsInTransition += 1
                moment = "in a transition"
                break
            }
        }
        kill(moment, awaySeconds: random.seconds(0...(soak.options.leadSeconds / 4)))
        var kills = 1
        while kills < min(left, Self.startUpsMax), random.seconds(0...1) < Self.startUpShare {
            soak.run(seconds: random.seconds(0...0.8))
            kill("while it starts", awaySeconds: random.seconds(0...0.5))
            kills += 1
        }
        return kills
    }

    private func kill(_ moment: String, awaySeconds: Double) {
        soak.counts.faults["kill \(moment)", default: 0] += 1
        soak.event("kill the root \(moment), for \(Report.text(awaySeconds)) s")
        soak.root.kill()
        soak.run(seconds: awaySeconds)
        do throws(SoakError) { try soak.root.start() } catch { soak.finding("\(error)") }
    }

    private func report(_ kills: Int, _ timeline: TimelineWatch, _ sound: String) -> String {
        let options = soak.options
        let counts = soak.counts
        var report = Report()
        report.add("seed", "\(soak.seed)")
        report.add("network", "1 root, \(options.relays) relays, \(options.listeners) players")
        report.add(
            "kills of the root",
            counts.faults.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key.dropFirst(5))" }
                .joined(separator: ", "))
        report.add("tracks decided", "\(timeline.decisions)")
        report.add("the root's bytes", "\(soak.reference?.bytes.count ?? 0), \(soak.reader.said)")
        report.add("against an uninterrupted encoding", sound)
        report.add("bytes compared", "\(counts.compared)")
        report.add("cut off at the root", "\(counts.cuts)")
        for (kind, errors) in counts.liveErrorSeconds.sorted(by: { $0.key < $1.key }) {
            report.add("live at the \(kind) off its place", Report.spread(errors))
        }
        report.add("without sound until the next connection's", Report.spread(counts.returnSeconds))
        report.add("silent while connected, skips", "\(counts.gaps), \(counts.skips)")
        return report.text(soak.findings, repeatWith: options.command(seed: soak.seed))
    }
}
