import ForeverHTTP
import Glibc

/// The mixed soak: every kind of fault on root and relays, all players, for so long.
struct NetworkSoak {
    /// Players come within so long at the beginning. **Units:** s.
    private static let arrivalSeconds = 5.0
    /// Before the first fault. **Units:** s.
    private static let calmSeconds = 8.0
    /// After the last fault everybody must have sound again within this. **Units:** s.
    static let recoverySecondsMax = 25.0

    let soak: Soak

    /// Faults end before this. **Units:** s.
    private static func lastFaultSeconds(_ options: SoakOptions) -> Double {
        max(calmSeconds, options.seconds - recoverySecondsMax)
    }

    static func plan(_ options: SoakOptions, seed: UInt64) -> FaultPlan {
        FaultPlan(
            seed: seed, nodes: options.relays + 1, from: calmSeconds, to: lastFaultSeconds(options),
            leadSeconds: options.leadSeconds, drainSeconds: Network.drainSeconds)
    }

    func run() throws(SoakError) {
        let options = soak.options
        try soak.begin()
        let base = soak.elapsedSeconds
        for player in soak.players {
            let share = Double(player.number) / Double(max(1, options.listeners))
            player.start(afterSeconds: share * Self.arrivalSeconds)
        }
        let lastFault = Self.lastFaultSeconds(options)
        for fault in Self.plan(options, seed: soak.seed).faults {
            soak.loop.schedule(after: .milliseconds(Int64(fault.atSeconds * 1_000))) { [soak] in
                FaultActor(soak: soak).carryOut(fault)
            }
        }
        if options.canary == .cut { cutOneOff() }
        runUntilLastFault(lastFault)
        let isFound = options.canary != nil && !soak.findings.isEmpty
        // A listener may notice before the process that has ended can be asked.
        if isFound { soak.run(seconds: CanaryPlanter.othersSeconds) }
        let quietFrom = soak.loop.nowNanoseconds
        var lastDeaf = quietFrom
        while Double(soak.loop.nowNanoseconds - quietFrom) / 1e9 < options.seconds - lastFault, !isFound {
            soak.run(seconds: 0.25)
            if soak.hearingCount < options.listeners { lastDeaf = soak.loop.nowNanoseconds }
        }
        let hearing = soak.hearingCount
        if hearing < options.listeners, options.canary == nil {
            let deaf = soak.players.filter { !$0.isHearing }.prefix(5).map(\.state).joined(separator: "; ")
            soak.finding("\(options.listeners - hearing) players have no sound at the end: \(deaf)")
        }
        let recovery = Double(lastDeaf - quietFrom) / 1e9
        let duration = soak.elapsedSeconds - base
        let starved = soak.survey.starved
        let memory = soak.survey.largest.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value >> 20) MB" }
        soak.stop()
        print(report(hearing, recovery, duration, starved, memory.joined(separator: ", ")))
    }

    /// With a canary only until it is found.
    private func runUntilLastFault(_ seconds: Double) {
        let end = soak.elapsedSeconds + seconds
        while soak.elapsedSeconds < end, soak.options.canary == nil || soak.findings.isEmpty { soak.run(seconds: 0.25) }
    }

    /// A server that is killed behind the soak's back.
    private func cutOneOff() {
        soak.loop.schedule(after: .milliseconds(Int64(CanaryPlanter.atSeconds * 1_000))) { [soak] in
            if let pid = soak.servers.last?.pid { kill(pid, SIGKILL) }
        }
    }

    private func report(
        _ hearing: Int, _ recovery: Double, _ duration: Double, _ starved: Int, _ memory: String
    ) -> String {
        let options = soak.options
        let counts = soak.counts
        var report = Report()
        report.add("seed", "\(soak.seed)")
        report.add(
            "network",
            "1 root, \(options.relays) relays, \(options.listeners) players, lead \(Report.text(options.leadSeconds)) s"
        )
        report.add("time", "\(Report.text(duration)) s")
        report.add(
            "faults", counts.faults.sorted { $0.key < $1.key }.map { "\($0.value) x \($0.key)" }.joined(separator: ", ")
        )
        report.add("bytes compared", "\(counts.compared) (\(counts.uncompared) came before the root's own)")
        report.add("the root's bytes", "\(soak.reference?.bytes.count ?? 0), \(soak.reader.said)")
        report.add("relays by their distance from the root, at most", soak.survey.depthsSaid)
        report.add(
            "connections",
            "\(counts.heardConnections) with sound of \(counts.connections); other answers "
                + counts.answers.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", "))
        report.add("cut off by faults", "\(counts.cuts)")
        for (kind, errors) in counts.liveErrorSeconds.sorted(by: { $0.key < $1.key }) {
            report.add("live at the \(kind) off its place", Report.spread(errors))
        }
        report.add("without sound until the next connection's", Report.spread(counts.returnSeconds))
        report.add("silent while connected", "\(counts.gaps)")
        report.add("skips, maps looked up", "\(counts.skips), \(counts.mapsLookedUp)")
        report.add("live edges that had to stop", "\(starved)")
        report.add("memory at most, without rings", memory)
        report.add(
            "hearing at the end",
            "\(hearing) of \(options.listeners), all of them \(Report.text(recovery)) s after the last fault")
        return report.text(soak.findings, repeatWith: options.command(seed: soak.seed))
    }
}
