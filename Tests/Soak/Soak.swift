import ForeverHTTP
import ForeverRelay
import ForeverTLS
import Glibc

/// The network that is soaked: servers, players, the reference, and what was found wrong.
///
/// **Thread:** the loop's.
final class Soak {
    /// Findings written down; what follows one is often its consequence.
    static let findingsMax = 40
    static let surveySeconds: Int64 = 5

    struct Finding {
        var seconds: Double
        var what: String
    }

    let options: SoakOptions
    let seed: UInt64
    let loop: EventLoop
    let client: HTTPClient
    private(set) var servers: [Server] = []
    private(set) var players: [Player] = []
    private(set) var reader: (any ReferenceSource)!
    private(set) var findings: [Finding] = []
    private(set) var survey: Survey!
    var counts = Counts()
    private var liveLine: LiveLine?
    let canary: CanaryPlanter?
    private let beganNanoseconds: Int64
    private let say: (String) -> Void

    init(
        _ options: SoakOptions, seed: UInt64, loop: EventLoop, place: Workplace, say: @escaping (String) -> Void
    ) throws(SoakError) {
        self.options = options
        self.seed = seed
        self.loop = loop
        self.say = say
        beganNanoseconds = loop.nowNanoseconds
        var limits = ClientLimits()
        limits.requestsMax = 3 * options.listeners + 256
        client = HTTPClient(loop: loop, limits: limits, agentName: "forever-soak")
        if let file = options.certificate {
            do { client.speakTLS(try TLSClientContext(authoritiesFile: file)) } catch { throw SoakError("\(error)") }
        }
        canary = options.canary.map { CanaryPlanter($0) }
        let token = place.token
        servers = try Network(options, seed: seed, place: place).servers(loop)
        let finding: (String) -> Void = { [unowned self] in self.finding($0) }
        reader =
            options.fanout == nil
            ? ReferenceReader(
                client: client, root: root.url, sign: { MessageDigest.hmacSHA256($0, key: token) }, finding: finding)
            : RingReader(root: root, loop: loop, finding: finding)
        survey = Survey(soak: self)
        players = (0..<options.listeners).map { Player(number: $0, soak: self, seed: seed) }
    }

    var root: Server { servers[0] }
    var reference: Reference? { reader.reference }
    var elapsedSeconds: Double { Double(loop.nowNanoseconds - beganNanoseconds) / 1e9 }
    var hearingCount: Int { players.count { $0.isHearing } }

    func server(at address: HTTPAddress) -> Server? {
        servers.first { $0.port == address.port || $0.securePort == address.port }
    }

    /// Something is not as promised.
    func finding(_ what: String) {
        let finding = Finding(seconds: elapsedSeconds, what: what)
        if findings.count < Self.findingsMax { findings.append(finding) }
        event("BROKEN " + what)
    }

    /// A server has said where live is. Restarts and silences do not move it.
    func hear(live position: Int64, byteRate: Int64, of server: Server) {
        let now = loop.nowNanoseconds
        guard let line = liveLine else {
            if server === root { liveLine = LiveLine(position: position, byteRate: byteRate, now: now) }
            return
        }
        let error = line.error(of: position, now: now)
        let isRoot = server === root
        counts.liveErrorSeconds[isRoot ? "root" : "relay", default: []].append(abs(error))
        if abs(error) > (isRoot ? LiveLine.rootSecondsMax : LiveLine.relaySecondsMax), server.isCalm(3) {
            finding("live at \(server.name) is \(Report.text(error)) s from where it must be")
        }
    }

    func event(_ what: String) { say("\(Report.text(elapsedSeconds)) s: \(what)") }

    /// Once a second and more often: who has ended, who is silent.
    func look() {
        for server in servers {
            if let wrong = server.look() { finding(wrong) }
        }
    }

    func stop() {
        for player in players { player.stop() }
        reader.stop()
        for server in servers { server.kill() }
    }

    /// Turns the loop until `condition` holds. **Errors:** when it does not within so many seconds.
    func wait(_ what: String, seconds: Double, until condition: () -> Bool) throws(SoakError) {
        let deadline = loop.nowNanoseconds + Int64(seconds * 1e9)
        while !condition() {
            guard loop.nowNanoseconds < deadline else {
                let logs = servers.map { "\($0.name): \($0.logTail)" }.joined(separator: "\n")
                throw SoakError("not within \(Report.text(seconds)) s: \(what)\n\(logs)")
            }
            loop.turn(sleepMillisecondsMax: 20)
        }
    }

    /// Turns the loop for so long.
    func run(seconds: Double) {
        let end = loop.nowNanoseconds + Int64(seconds * 1e9)
        while loop.nowNanoseconds < end { loop.turn(sleepMillisecondsMax: 50) }
    }

    // MARK: Starting

    /// Everything runs, relays are registered, the reference comes; nobody listens yet.
    func begin() throws(SoakError) {
        try root.start()
        var epoch: String?
        try wait("the root has sound", seconds: 60) {
            if let wrong = root.look() {
                finding(wrong)
                return true
            }
            survey.ask(root, "status.json") { if $0["healthy"]?.bool == true { epoch = $0["epoch"]?.string } }
            run(seconds: 0.1)
            return epoch != nil
        }
        reader.start(epoch ?? "")
        try wait("the root's bytes come", seconds: 20) { (reference?.bytes.count ?? 0) > 0 }
        for server in servers.dropFirst() { try server.start() }
        try wait("\(options.relays) relays are registered and have sound", seconds: 60) {
            var healthy = 0
            survey.ask(root, "status.json") { status in
                healthy = status["relays"]?.array?.count { $0["healthy"]?.bool == true } ?? 0
            }
            run(seconds: 0.3)
            return healthy >= options.relays
        }
        tick()
        survey.start()
    }

    private func tick() {
        loop.schedule(after: .seconds(1)) { [unowned self] in
            look()
            for player in players { player.tick() }
            tick()
        }
    }

    // MARK: Planting

    func plant(_ player: Player) -> CanaryPlanter.Effect { canary?.effect(on: player, at: elapsedSeconds) ?? .none }

    func planted(_ player: Player, _ sound: UnsafeRawBufferPointer) -> [UInt8]? {
        canary?.changed(sound, of: player, at: elapsedSeconds)
    }
}
