import Foundation

/// Who comes to listen, and how long they are watched.
struct Load {
    var count: Int
    var arrivals: Double = 1_000
    var settle: Double = 3
    /// **Units:** s each.
    var windows: [Double]
    var stalled = 0.0
    var slow = 0.0
    /// A stalled one comes again after so many seconds; 0: never.
    var returnAfter = 0.0
    var churn = 0.0

    /// The segments of Ethernet, and buffers as they are with them.
    static let mss = 1_448

    func arguments(_ server: Server) -> [String] {
        [
            "--count", "\(count)", "--arrivals", "\(min(arrivals, server.kind.arrivalsMax))", "--settle",
            "\(max(settle, server.kind.settleMin))",
            "--windows", windows.map { "\($0)" }.joined(separator: ","), "--mss", "\(Self.mss)",
            "--stall", "\(stalled)", "--slow", "\(slow)", "--return", "\(returnAfter)", "--churn", "\(churn)",
            "--byte-rate",
            "\(Server.byteRate)", "--burst", "\(Server.burstSeconds * Server.byteRate)", server.url,
        ]
    }
}

/// What the listeners say at a window's edge.
struct LoadPhase: Decodable {
    var phase: String
    var time_s: Double
    var bytes: Double
    var live: Double
}

/// What the listeners say at the end.
struct LoadReport: Codable {
    struct Spread: Codable {
        var count: Int
        var min: Double?
        var p50: Double?
        var p99: Double?
        var max: Double?
    }

    struct Framing: Codable {
        var sampled: Int
        var frames: Int
        var broken: Int
        var never_synced: Int
        var start_offset_max: Int
    }

    var count: Int
    var live: Int
    var joined: Int
    var refused: Int
    /// Normal listeners that the server let go.
    var lost: Int
    var lost_slow: Int
    var churned: Int
    var returned: Int
    var bytes: Double
    var seconds: Double
    var ramp_s: Double
    /// Listeners whose sound came slower than 0.99 of real time.
    var behind: Int
    var cpu_s: Double
    var first_audio_ms: Spread
    var gap_ms: Spread
    var cushion_s: Spread
    var real_time_ratio: Spread
    var framing: Framing
}

/// One load on one server: the server's counters at the edges of the windows, and what the listeners heard.
struct LoadResult {
    struct Window {
        var seconds: Double
        var bytes: Double
        var from: ProcessReading
        var to: ProcessReading

        var cpuSeconds: Double { to.cpuSeconds - from.cpuSeconds }
        /// The share of the time that it was ready to run and did not.
        var waitShare: Double { (to.waitSeconds - from.waitSeconds) / seconds }
        var cpuSecondsPerGiB: Double { cpuSeconds / (bytes / 1_073_741_824) }
    }

    var before: ProcessReading
    var ramped: ProcessReading
    var windows: [Window] = []
    var report: LoadReport

    /// Lets a load come to a server.
    ///
    /// - duringWindow: called at each window's beginning with its index; must end before the window does
    /// **Errors:** when the listeners fail, or not all of them got in.
    static func run(
        _ load: Load, on server: Server, duringWindow: (Int) -> Void = { _ in }
    ) throws(BenchError) -> LoadResult {
        let before = server.reading()
        let listeners = try Child(
            try Tools.ours("bench-listeners"), load.arguments(server), cores: Workplace.otherCores)
        let decoder = JSONDecoder()
        var ramped: ProcessReading?
        var last: (phase: LoadPhase, reading: ProcessReading)?
        var windows: [Window] = []
        var report: LoadReport?
        while let line = listeners.nextLine() {
            guard let phase = try? decoder.decode(LoadPhase.self, from: Data(line.utf8)) else {
                report = try? decoder.decode(LoadReport.self, from: Data(line.utf8))
                continue
            }
            let reading = server.reading()
            if phase.phase == "ramped" {
                ramped = reading
                continue
            }
            if let last {
                windows.append(
                    Window(
                        seconds: phase.time_s - last.phase.time_s, bytes: phase.bytes - last.phase.bytes,
                        from: last.reading, to: reading))
            }
            last = (phase, reading)
            if windows.count < load.windows.count { duringWindow(windows.count) }
        }
        guard listeners.wait() == 0, let ramped, let report, windows.count == load.windows.count else {
            throw BenchError("the listeners failed on \(server.kind.name)\n\(server.child.logTail)")
        }
        guard server.child.isRunning else {
            throw BenchError("\(server.kind.name) has ended\n\(server.child.logTail)")
        }
        return LoadResult(before: before, ramped: ramped, windows: windows, report: report)
    }
}
