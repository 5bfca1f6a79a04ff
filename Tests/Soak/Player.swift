import ForeverHTTP
import ForeverRelay

/// One listener: asks the root, follows to a relay, hears, and comes again like a player when it is cut off.
///
/// **Thread:** the loop's.
final class Player {
    private static let hopsMax = 4
    /// A player that hears nothing for so long tries again. **Units:** s.
    private static let silenceSeconds: Int64 = 20
    private static let retrySeconds = 0.2...1.5
    /// What sound it has lost without reason is said when it is more. **Units:** s.
    private static let gapSecondsMin = 0.05

    let number: Int
    private unowned let soak: Soak
    private var random: SoakRandom
    private var request: ClientRequest?
    private var retryTimer: TimerID?
    private var isStopped = false

    // One connection:
    private var server: Server?
    private var life = 0
    private var name = ""
    private var stream: HeardStream?
    private var titles: TitleStripper?
    private var cushion: Cushion?
    private var hasMap = false
    private var skipsLookedUp = 0

    private var isPlaying: Bool { stream != nil }
    private var lastSoundNanoseconds: Int64 = 0
    private var lastByteNanoseconds: Int64 = 0

    init(number: Int, soak: Soak, seed: UInt64) {
        self.number = number
        self.soak = soak
        random = SoakRandom(seed: seed &+ UInt64(number) &* 0x1_0001)
    }

    private var now: Int64 { soak.loop.nowNanoseconds }

    /// Whether sound comes, and is in store.
    var isHearing: Bool {
        isPlaying && now - lastByteNanoseconds < 3_000_000_000 && (cushion?.seconds(now: now) ?? -1) > 0
    }

    /// Whom it hears, and what of it, in words.
    var state: String {
        guard let server, let stream else { return "player \(number) has no connection" }
        let left = cushion?.seconds(now: now) ?? 0
        return "player \(number) hears \(server.name) at \(stream.position), \(Report.text(left)) s in store"
    }

    func start(afterSeconds seconds: Double) {
        retryTimer = soak.loop.schedule(after: .milliseconds(Int64(seconds * 1_000))) { [unowned self] in
            retryTimer = nil
            tune()
        }
    }

    func stop() {
        isStopped = true
        if let retryTimer { soak.loop.cancel(retryTimer) }
        retryTimer = nil
        request?.cancel()
    }

    // MARK: Asking

    private func tune() {
        guard !isStopped else { return }
        name = Self.hexadecimal(random.next()) + Self.hexadecimal(random.next())
        let root = number % 3 == 2 ? soak.root.secureURL : soak.root.url
        ask(HTTPAddress(root + "/all.mp3?listener=" + name)!, hops: 0)
    }

    private func ask(_ address: HTTPAddress, hops: Int) {
        let wantsTitles = number % 4 == 1
        var elsewhere: HTTPAddress?
        soak.counts.connections += 1
        request = soak.client.stream(
            address, headers: wantsTitles ? ["Icy-MetaData": "1"] : [:], silence: .seconds(Self.silenceSeconds),
            onHead: { [unowned self] head in
                if head.status == .ok { return begin(head, address) }
                soak.counts.answers[head.status.code, default: 0] += 1
                if head.status.code == 302 { elsewhere = head.headers["Location"].flatMap { HTTPAddress($0) } }
                request?.cancel()
            },
            onBody: { [unowned self] in take($0) },
            onEnd: { [unowned self] error in
                request = nil
                if let elsewhere, hops < Self.hopsMax, !isStopped { return ask(elsewhere, hops: hops + 1) }
                ended(error)
            })
    }

    private func ended(_ error: ClientError?) {
        if let server, isPlaying, !isStopped {
            soak.counts.cuts += 1
            let isExcused = server.life != life || server.state == .down || server.state == .leaving
            // Its own patience ends with a server that stands still.
            let isPatienceOver = error == .silent && !server.isCalm(Double(Self.silenceSeconds))
            if !isExcused, !isPatienceOver {
                let why = error?.description ?? "the connection was closed"
                soak.finding("player \(number) was cut off by \(server.name), to which nothing was done: \(why)")
            }
            if let left = stream?.pendingBytes, left > 0 { soak.counts.uncompared += left }
        }
        if let stream { soak.counts.compared += stream.compared }
        stream = nil
        server = nil
        guard !isStopped else { return }
        start(afterSeconds: random.seconds(Self.retrySeconds))
    }

    // MARK: Hearing

    private func begin(_ head: ResponseHead, _ address: HTTPAddress) {
        guard let server = soak.server(at: address), let epoch = head.headers["Forever-Epoch"],
            let position = head.headers["Forever-Position"].flatMap({ Int64($0) }),
            let rate = head.headers["Forever-Byte-Rate"].flatMap({ Int64($0) }), let reference = soak.reference
        else {
            soak.finding("player \(number) got a reply that it cannot read from \(address)")
            request?.cancel()
            return
        }
        if epoch != reference.epoch {
            soak.finding("player \(number) is given epoch \(epoch) by \(server.name)")
            request?.cancel()
            return
        }
        if position % reference.frameBytes != 0 {
            soak.finding("player \(number) begins in the middle of a frame at \(server.name), at \(position)")
        }
        if position < reference.start {
            soak.finding("player \(number) begins before the root's first byte at \(server.name), at \(position)")
        }
        if let live = head.headers["Forever-Live"].flatMap({ Int64($0) }) {
            soak.hear(live: live, byteRate: rate, of: server)
        }
        soak.counts.heardConnections += 1
        self.server = server
        life = server.life
        stream = HeardStream(start: position)
        titles = TitleStripper(interval: head.headers["icy-metaint"].flatMap { Int($0) })
        cushion = Cushion(byteRate: rate)
        hasMap = false
        skipsLookedUp = 0
        lastByteNanoseconds = now
        if lastSoundNanoseconds > 0 {
            soak.counts.returnSeconds.append(Double(now - lastSoundNanoseconds) / 1e9)
        }
    }

    private func take(_ bytes: UnsafeRawBufferPointer) {
        guard isPlaying else { return }
        if soak.canary != nil, soak.plant(self) == .deaf { return }
        lastByteNanoseconds = now
        lastSoundNanoseconds = now
        if titles != nil {
            titles?.split(bytes) { hear($0) }
        } else {
            hear(bytes)
        }
    }

    private func hear(_ sound: UnsafeRawBufferPointer) {
        guard let server, let reference = soak.reference else { return }
        let missing = cushion?.take(sound.count, now: now) ?? 0
        if missing > Self.gapSecondsMin { gap(missing, server) }
        var wrong: String?
        if soak.canary != nil, let changed = soak.planted(self, sound) {
            wrong = changed.withUnsafeBytes { stream?.take($0, reference) }
        } else {
            wrong = stream?.take(sound, reference)
        }
        if let wrong { fail(wrong, server) }
    }

    private func fail(_ wrong: String, _ server: Server) {
        soak.finding("player \(number) at \(server.name): \(wrong)")
        if let stream { soak.counts.compared += stream.compared }
        stream = nil
        request?.cancel()
    }

    /// It was silent. Nobody is to be, but those whose own server stood still or went away.
    private func gap(_ seconds: Double, _ server: Server) {
        soak.counts.gaps += 1
        if server.life == life, server.isCalm(10) {
            soak.finding(
                "player \(number) at \(server.name), to which nothing was done, was silent for \(Report.text(seconds)) s"
            )
        }
    }

    // MARK: Looking

    /// Once a second: is it silent, does the server's map say the same as the bytes?
    func tick() {
        guard let server, let reference = soak.reference, stream != nil else { return }
        if let wrong = stream?.settle(reference) { return fail(wrong, server) }
        // A silence that lasts is told while it does.
        if let left = cushion?.seconds(now: now), left < -2, server.life == life, server.isCalm(10) {
            _ = cushion?.take(0, now: now)
            gap(-left, server)
        }
        let skips = stream?.skips.count ?? 0
        let hasNewSkip = skips > skipsLookedUp
        guard hasNewSkip || !hasMap && number % 4 == 0 && (stream?.compared ?? 0) > 0, server.isCalm(2) else { return }
        hasMap = true
        lookUp(server, stream!, skipsFrom: skipsLookedUp)
        skipsLookedUp = skips
    }

    private func lookUp(_ server: Server, _ heard: HeardStream, skipsFrom first: Int) {
        let name = self.name
        let life = self.life
        soak.client.get(HTTPAddress("\(server.url)/listeners/\(name)")!, deadline: .seconds(5)) {
            [unowned self] result in
            guard server.life == life, server.isCalm(5) else { return }
            guard case .success(let reply) = result, reply.status == .ok,
                let json = try? JSONParser.parse(reply.body), let segments = json["segments"]?.array
            else {
                return soak.finding("\(server.name) does not know where player \(number)'s sound comes from: \(result)")
            }
            soak.counts.mapsLookedUp += 1
            let map = segments.map { ($0["sent"]?.integer ?? -1, $0["position"]?.integer ?? -1) }
            if segments.count < PositionMaps.segmentsMax, map.first?.0 != 0 || map.first?.1 != heard.start {
                soak.finding("player \(number)'s map at \(server.name) begins at \(map), not at \(heard.start)")
            }
            for skip in heard.skips[first...] {
                // The bytes before and behind a skip may be alike for a while; what lies between stays the same.
                let isThere = map.contains { $0.1 - $0.0 == skip.to - skip.sent && abs($0.0 - skip.sent) < 4 * 384 }
                soak.counts.skips += 1
                if !isThere {
                    soak.finding("player \(number)'s skip at \(server.name) is not on its map: \(skip), \(map)")
                }
            }
        }
    }

    private static func hexadecimal(_ bits: UInt64) -> String { Epoch(bits: bits).description }
}
