import ForeverHTTP
import ForeverRelay
import Testing

@Suite struct StreamServiceTests {
    private let world: TestWorld
    private let root: TestRoot

    init() throws {
        world = try TestWorld()
        root = try TestRoot(world)
        _ = world.run(seconds: 10)
    }

    private func ask(_ path: String, method: String = "GET", _ lines: [String] = []) -> TestClient {
        let client = TestClient(world, port: root.port, get: path, method: method, lines)
        _ = world.run(seconds: 10) { client.head != nil }
        return client
    }

    @Test(arguments: ["HTTP/1.0", "HTTP/1.1"])
    func soundComesAsPlayersNeedIt(version: String) {
        let client = TestClient(world, port: root.port, "GET /all.mp3 \(version)\r\nHost: x\r\nRange: bytes=0-\r\n\r\n")
        #expect(world.run(seconds: 30) { client.body.count > 300_000 })
        let head = client.head ?? ""
        #expect(head.hasPrefix("\(version) 200 OK\r\n"), "a range is not answered with a part")
        #expect(head.utf8.count < 4_096)
        #expect(client.field("Content-Type") == "audio/mpeg")
        #expect(client.field("Connection") == "close")
        #expect(client.field("Cache-Control") == "no-cache, no-store")
        #expect(client.field("Pragma") == "no-cache")
        #expect(client.field("Expires")?.contains("1997") == true)
        #expect(client.field("X-Accel-Buffering") == "no")
        #expect(client.field("icy-name") == "Test Röhre")
        #expect(client.field("icy-genre") == "Click")
        #expect(client.field("icy-br") == "128")
        #expect(client.field("Access-Control-Allow-Origin") == "*")
        #expect(client.field("Access-Control-Expose-Headers")?.contains("Forever-Position") == true)
        for absent in ["Content-Length", "Transfer-Encoding", "Accept-Ranges", "icy-metaint"] {
            #expect(client.field(absent) == nil)
        }
        #expect(client.field("Forever-Epoch") == TestStream.epoch.description)
        #expect(client.number("Forever-Byte-Rate") == 16_000)
        let position = client.number("Forever-Position") ?? -1
        let live = client.number("Forever-Live") ?? -1
        #expect(position % 384 == 0 && (95_616...96_384).contains(live - position), "the burst begins on a frame")
        #expect(client.body == root.stream.bytes(position, position + Int64(client.body.count)))
    }

    @Test func theLongestProfileKeepsTheHeadSmall() throws {
        let long = String(repeating: "é", count: 5_000)
        let wordy = try TestRoot(world) {
            $0.profile = StationProfile(name: long, genre: long, description: long, url: "http://x/" + long)
        }
        let client = TestClient(world, port: wordy.port, get: "/all.mp3", ["Icy-MetaData: 1"])
        #expect(world.run(seconds: 10) { client.head != nil })
        #expect((client.head ?? long).utf8.count < 4_096)
    }

    @Test(arguments: ["Icy-MetaData: 1", "icy-metadata:1"])
    func titlesComeWhenAskedFor(line: String) {
        root.feed.titles.replace(with: [StreamTitle(position: 0, text: "Künstler - Stück")])
        let client = TestClient(world, port: root.port, get: "/all.mp3", [line])
        #expect(world.run(seconds: 10) { client.body.count > 50_000 })
        #expect(client.field("icy-metaint") == "8192")
        let body = client.body
        guard body.count > 50_000 else { return }
        let block = Array(body[8_192..<(8_193 + Int(body[8_192]) * 16)])
        #expect(titleOfBlock(block) == "Künstler - Stück")
        let position = client.number("Forever-Position") ?? 0
        #expect(Array(client.body[..<8_192]) == root.stream.bytes(position, position + 8_192))
    }

    @Test func headAndOptionsAreAnswered() {
        let head = ask("/all.mp3", method: "HEAD", ["Icy-MetaData: 1"])
        #expect(world.run(seconds: 20) { head.isEnded })
        #expect(head.status == 200 && head.body.isEmpty)
        #expect(head.field("icy-metaint") == "8192" && head.field("icy-name") != nil)
        #expect(head.field("Content-Length") == nil && head.field("Connection") == "close")
        #expect(head.field("Forever-Epoch") != nil)
        #expect(root.service.fanout?.connectionCount == 0)
        let options = ask("/all.mp3", method: "OPTIONS", ["Access-Control-Request-Headers: icy-metadata"])
        #expect((200..<300).contains(options.status ?? 0))
        #expect(options.field("Access-Control-Allow-Headers")?.lowercased().contains("icy-metadata") == true)
    }

    @Test func nobodyElseReadsAhead() {
        let client = ask("/all.mp3", ["Forever-Epoch: \(TestStream.epoch)", "Forever-Position: 400000"])
        #expect(client.status == 200)
        let live = client.number("Forever-Live") ?? 0
        #expect((95_616...96_384).contains(live - (client.number("Forever-Position") ?? 0)))
        _ = world.run(seconds: 5)
        #expect((client.number("Forever-Position") ?? 0) + Int64(client.body.count) <= root.feed.live)
        #expect(ask("/all.mp3", ["Authorization: Forever-Relay time=1, nonce=x, proof=y"]).status == 401)
    }

    private func proof(_ seed: UInt64, key: UInt64 = 1) -> String {
        var generator = SeededGenerator(seed)
        return "Authorization: "
            + RelayProof.authorization(
                id: "relay00000000000A", method: .GET, target: "/all.mp3", body: [],
                wallMilliseconds: world.clock.wallMilliseconds, using: &generator, sign: TestWorld.signer(key))
    }

    @Test func relaysReadFromWhereTheyWant() {
        let edge = root.feed.edge
        let exact = ask("/all.mp3", [proof(1), "Forever-Epoch: \(TestStream.epoch)", "Forever-Position: 200001"])
        #expect(exact.status == 200 && exact.number("Forever-Position") == 200_001)
        #expect(world.run(seconds: 20) { Int64(exact.body.count) > edge - 200_001 })
        #expect(exact.body == root.stream.bytes(200_001, 200_001 + Int64(exact.body.count)))
        #expect(200_001 + Int64(exact.body.count) > root.feed.live + 16 * 16_000, "beyond live")

        let none = ask("/all.mp3", [proof(2)])
        #expect(none.status == 200)
        #expect((95_616...96_384).contains((none.number("Forever-Live") ?? 0) - (none.number("Forever-Position") ?? 0)))

        #expect(world.run(seconds: 120) { root.feed.oldest > 0 })
        let old = ask("/all.mp3", [proof(3), "Forever-Epoch: \(TestStream.epoch)", "Forever-Position: 0"])
        #expect(old.status == 200)
        let oldest = old.number("Forever-Position") ?? -1
        #expect(oldest > 0 && oldest % 384 == 0)

        let future = root.feed.edge + 100_000
        for lines in [
            ["Forever-Epoch: 00000000000000ff"], ["Forever-Epoch: \(TestStream.epoch)", "Forever-Position: \(future)"],
            ["Forever-Position: -1"],
        ] {
            let conflict = ask("/all.mp3", [proof(UInt64(lines[0].count) * 31 + UInt64(lines.count))] + lines)
            #expect(conflict.status == 409)
            #expect(conflict.field("Forever-Epoch") == TestStream.epoch.description)
            #expect(conflict.number("Forever-Live") == root.feed.live)
        }
        #expect(ask("/all.mp3", [proof(9, key: 2)]).status == 401)
        #expect(root.service.fanout?.statistics.listeners == 0)
    }

    @Test func pagesFindOutWhereTheirSoundComesFrom() throws {
        let uuid = "3f2504e0-4f89-11d3-9a0c-0305e82c3301"
        let client = ask("/all.mp3?listener=\(uuid)")
        _ = world.run(seconds: 3)
        let json = try JSONParser.parse(ask("/listeners/\(uuid)", ["Connection: close"]).body)
        #expect(json["epoch"]?.string == TestStream.epoch.description)
        #expect(json["byteRate"]?.integer == 16_000)
        #expect(json["segments"]?.array?.count == 1)
        #expect(json["segments"]?.array?[0]["sent"]?.integer == 0)
        #expect(json["segments"]?.array?[0]["position"]?.integer == client.number("Forever-Position"))
        #expect(ask("/listeners/3f2504e0-4f89-11d3-9a0c-0305e82c3302").status == 404)
        #expect(ask("/listeners/1").status == 404)
    }

    @Test func saysHowItIs() throws {
        let client = ask("/all.mp3")
        _ = world.run(seconds: 8)
        let status = try JSONParser.parse(ask("/status.json").body)
        #expect(status["role"]?.string == "root" && status["name"]?.string == "Test Röhre")
        #expect(status["listeners"]?["here"]?.integer == 1 && status["listeners"]?["total"]?.integer == 1)
        #expect(status["bytesSent"]?.integer ?? 0 >= Int64(client.body.count))
        #expect((19...20).contains(status["leadSeconds"]?.number ?? 0))
        #expect(status["upstream"] == .null && status["relays"] == [])
        let timing = try JSONParser.parse(ask("/timing.json").body)
        #expect(timing["livePosition"]?.integer == root.feed.live)
        #expect(timing["monotonicNanoseconds"]?.integer == world.clock.monotonicNanoseconds)
        root.service.connectionsTurnedAway = { (3, 4) }
        let metrics = ask("/metrics").text
        for line in ["listeners 1", "refused_total 3", "evicted_total 4", "let_go_total 0"] {
            #expect(metrics.contains("\nforever_\(line)\n"))
        }
        #expect(ask("/healthz").status == 200)
        root.isDry = true
        _ = world.run(seconds: 30)
        #expect(ask("/healthz").status == 503)
        #expect(client.body.count > 0)
    }

    @Test func playlistsNameThisServerFirst() {
        _ = root.desk.directory.take(
            RelayReport(
                id: "relay00000000000", url: "http://r:1", port: 1, listeners: 0, connections: 0, listenerLimit: nil,
                bytesSent: 0, weight: 1, location: nil, isHealthy: true, epoch: nil, livePosition: 0,
                mixingEdgePosition: 0, version: "t"), from: nil, now: world.clock.monotonicNanoseconds)
        let m3u = ask("/all.m3u")
        #expect(m3u.field("Content-Type") == "audio/x-mpegurl")
        let addresses = m3u.text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(addresses == ["http://127.0.0.1:\(root.port)/all.mp3", "http://r:1/all.mp3"])
        let pls = ask("/all.pls")
        #expect(pls.field("Content-Type") == "audio/x-scpls")
        #expect(
            pls.text.contains("File1=http://127.0.0.1:\(root.port)/all.mp3\n") && pls.text.contains("NumberOfEntries=2")
        )
    }

    @Test func eventsTellListenersAndLive() {
        let client = ask("/events")
        #expect(client.field("Content-Type") == "text/event-stream")
        #expect(world.run(seconds: 20) { client.text.components(of: "event: live") >= 3 })
        #expect(client.text.contains("event: listeners\ndata: {\"listenerCount\":0}"))
    }

    @Test func sendsOnBeyondItsLimit() throws {
        let root = try TestRoot(world) {
            $0.relayLimit = 1
            $0.listenerLimit = 2
        }
        _ = world.run(seconds: 10)
        let uuid = "3f2504e04f8911d39a0c0305e82c3301"
        func ask(_ path: String, method: String = "GET") -> TestClient {
            let client = TestClient(world, port: root.port, get: path, method: method)
            _ = world.run(seconds: 10) { client.head != nil }
            return client
        }
        let first = ask("/all.mp3")
        #expect(first.status == 200)
        let second = ask("/all.mp3")
        #expect(second.status == 200, "no relay: served up to the listener limit")
        let third = ask("/all.mp3")
        #expect(third.status == 503 && third.field("Retry-After") != nil)
        _ = root.desk.directory.take(
            RelayReport(
                id: "relay00000000000", url: "http://r:8193", port: 1, listeners: 0, connections: 0, listenerLimit: 2,
                bytesSent: 0, weight: 1, location: nil, isHealthy: true, epoch: nil, livePosition: 0,
                mixingEdgePosition: 0, version: "t"), from: nil, now: world.clock.monotonicNanoseconds)
        let sent = ask("/all.mp3?listener=\(uuid)&x=%20y")
        #expect(sent.status == 302)
        #expect(sent.field("Location") == "http://r:8193/all.mp3?listener=\(uuid)&x=%20y")
        #expect(sent.field("Cache-Control") == "no-store" && sent.field("Expires")?.contains("1997") == true)
        #expect(sent.field("Access-Control-Allow-Origin") == "*")
        #expect(ask("/listeners/\(uuid)").text == "{\"at\":\"http://r:8193\"}")
        #expect(ask("/all.mp3", method: "HEAD").status == 302)
        #expect(ask("/all.mp3").status == 503, "the relay is full until it reports again")
    }
}

extension String {
    /// How often another text stands in it.
    func components(of text: String) -> Int {
        var count = 0
        var rest = self[...]
        while let range = rest.firstRange(of: text) {
            count += 1
            rest = rest[range.upperBound...]
        }
        return count
    }
}
