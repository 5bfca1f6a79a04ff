import ForeverHTTP
import ForeverRelay
import Testing

/// What players were seen to ask, each in its own way, and what all of them must get: the whole live stream.
@Suite struct PlayerRequestTests {
    struct Player: CustomStringConvertible, Sendable {
        let description: String
        let version: String
        let lines: [String]
        let wantsTitles: Bool
    }

    static let players = [
        Player(
            description: "FFmpeg, mpv, Liquidsoap", version: "HTTP/1.1",
            lines: ["User-Agent: Lavf/59", "Accept: */*", "Range: bytes=0-", "Connection: close", "Icy-MetaData: 1"],
            wantsTitles: true),
        Player(
            description: "mpg123, MPlayer", version: "HTTP/1.0",
            lines: ["User-Agent: mpg123/1.31", "Icy-MetaData: 1"], wantsTitles: true),
        Player(
            description: "GStreamer", version: "HTTP/1.1",
            lines: ["icy-metadata: 1", "Connection: Keep-Alive"], wantsTitles: true),
        Player(
            description: "VLC's first connection", version: "HTTP/1.1",
            lines: ["User-Agent: VLC/3.0", "Range: bytes=0-"], wantsTitles: false),
        Player(
            description: "VLC's second connection", version: "HTTP/1.0",
            lines: ["User-Agent: VLC/3.0", "Icy-MetaData: 1"], wantsTitles: true),
        Player(
            description: "Icecast as a relay", version: "HTTP/1.0",
            lines: ["User-Agent: Icecast 2.4.4", "Icy-MetaData: 1"], wantsTitles: true),
        Player(
            description: "iOS's range probe", version: "HTTP/1.1",
            lines: ["X-Playback-Session-Id: 1", "Range: bytes=0-1", "Connection: keep-alive"], wantsTitles: false),
        Player(
            description: "iOS after the probe", version: "HTTP/1.1",
            lines: ["Icy-MetaData: 1", "Range: bytes=0-4294967295", "Connection: keep-alive"], wantsTitles: true),
    ]

    @Test(arguments: players)
    func everyPlayerGetsTheWholeStream(player: Player) throws {
        let world = try TestWorld()
        let root = try TestRoot(world)
        root.feed.titles.append(StreamTitle(position: 0, text: "Künstler - Stück"))
        _ = world.run(seconds: 10)
        let request = (["GET /all.mp3 \(player.version)", "Host: 127.0.0.1"] + player.lines).joined(separator: "\r\n")
        let client = TestClient(world, port: root.port, request + "\r\n\r\n")
        #expect(world.run(seconds: 30) { client.body.count > 200_000 })

        #expect(client.head?.hasPrefix("\(player.version) 200 OK\r\n") == true)
        #expect(client.field("Connection") == "close")
        for absent in ["Content-Length", "Content-Range", "Transfer-Encoding", "Accept-Ranges"] {
            #expect(client.field(absent) == nil)
        }
        // VLC comes again for titles only when it has seen these.
        #expect(client.field("icy-name") != nil && client.field("icy-genre") != nil)
        #expect(client.field("icy-metaint") == (player.wantsTitles ? "8192" : nil))
        let start = try #require(client.number("Forever-Position"))
        let sound = client.body[..<8_192]
        #expect(Array(sound) == root.stream.bytes(start, start + 8_192))
        guard player.wantsTitles else { return }
        let block = Array(client.body[8_192..<(8_193 + Int(client.body[8_192]) * 16)])
        #expect(titleOfBlock(block) == "Künstler - Stück")
    }

    @Test(
        arguments: [
            ("bytes=0-1", 2), ("Bytes=0-1023", 1_024), ("bytes=0-", nil), ("bytes=0-1024", nil),
            ("bytes=0-99999999999999999999", nil),
            ("bytes=1-2", nil), ("bytes=0-1,4-5", nil), ("bytes=0--1", nil),
        ] as [(String, Int?)])
    func aProbeIsAnsweredWithItsBytesOnlyWhereThatIsAskedFor(range: String, count: Int?) throws {
        let world = try TestWorld()
        let root = try TestRoot(world) { $0.answersRangeProbes = true }
        _ = world.run(seconds: 10)
        let probe = TestClient(world, port: root.port, get: "/all.mp3", ["Range: \(range)"])
        #expect(world.run(seconds: 5) { probe.body.count >= count ?? 50_000 })
        #expect(probe.status == (count == nil ? 200 : 206))
        #expect(probe.field("Content-Range") == count.map { "bytes 0-\($0 - 1)/*" })
        #expect(probe.field("Content-Length") == count.map { "\($0)" })
        #expect(probe.body.starts(with: [0xFF]), "from a frame's start")
        #expect(root.service.fanout?.statistics.joined == (count == nil ? 1 : 0), "a probe is no listener")
    }

    /// A player that opens a trial connection, as VLC does, is one listener.
    @Test func aTrialConnectionIsNoListener() throws {
        let world = try TestWorld()
        let root = try TestRoot(world)
        _ = world.run(seconds: 10)
        let trial = TestClient(world, port: root.port, get: "/all.mp3", ["User-Agent: VLC/3.0"])
        #expect(world.run(seconds: 5) { trial.body.count > 50_000 })
        trial.hangUp()
        let second = TestClient(world, port: root.port, get: "/all.mp3", ["User-Agent: VLC/3.0", "Icy-MetaData: 1"])
        #expect(world.run(seconds: 30) { second.body.count > 300_000 })
        #expect(root.service.fanout?.statistics.listeners == 1)
        #expect(root.service.fanout?.statistics.listenersPeak == 1)
        #expect(root.service.fanout?.statistics.joined == 2)
    }
}
