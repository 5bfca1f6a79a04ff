import ForeverHTTP
import Testing

struct EventStreamHubTests {
    private func stand() throws -> (Stand, EventStreamHub) {
        let stand = try Stand()
        let hub = EventStreamHub(loop: stand.loop, heartbeat: .seconds(15), queueBytesMax: 100_000)
        stand.router.on(.GET, "/events") { _ in .events(hub) }
        return (stand, hub)
    }

    @Test func sendsToAllAndReplaysTheLastToNewOnes() throws {
        let (stand, hub) = try stand()
        hub.broadcast(event: "timeline", data: "old")
        hub.broadcast(event: "timeline", data: "{\"a\":1}")
        hub.broadcast(event: "live", data: "5")
        hub.broadcast(event: "hint", data: "gone", keeping: false)
        let clients = try (0..<3).map { _ in try stand.client() }
        for client in clients { client.send("GET /events HTTP/1.1\r\nHost: x\r\n\r\n") }
        #expect(stand.turn { hub.subscriberCount == 3 })
        for client in clients {
            #expect(client.read { $0.hasSuffix("event: timeline\ndata: {\"a\":1}\n\nevent: live\ndata: 5\n\n") })
            #expect(client.text.holds("\r\nContent-Type: text/event-stream\r\n"))
            #expect(client.text.holds("\r\nX-Accel-Buffering: no\r\n"))
            #expect(client.text.holds("\r\nAccess-Control-Allow-Origin: *\r\n"))
            #expect(!client.text.holds("old") && !client.text.holds("gone"))
        }
        hub.broadcast(event: "listeners", data: "two\nlines")
        for client in clients {
            #expect(client.read { $0.hasSuffix("event: listeners\ndata: two\ndata: lines\n\n") })
        }
        clients[0].finishSending()
        #expect(stand.turn { hub.subscriberCount == 2 })
        hub.stop()
        _ = clients[1].readToEnd()
        #expect(clients[1].isEnded && hub.subscriberCount == 0)
    }

    @Test func headAsksWithoutSubscribing() throws {
        let (stand, hub) = try stand()
        let reply = try stand.exchange("HEAD /events HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(reply.holds("\r\nContent-Type: text/event-stream\r\n") && reply.hasSuffix("\r\n\r\n"))
        #expect(hub.subscriberCount == 0)
    }

    @Test func keepsQuietConnectionsAlive() throws {
        let (stand, hub) = try stand()
        let client = try stand.client()
        client.send("GET /events HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(stand.turn { hub.subscriberCount == 1 })
        client.read { $0.hasSuffix("welcome\n\n") }
        stand.advance(.seconds(15))
        #expect(client.read { $0.hasSuffix(": still here\n\n") })
    }

    /// A subscriber whose queue never overflows is not kept for ever either.
    @Test func dropsWhoTakesNothingForLong() throws {
        let stand = try Stand()
        let hub = EventStreamHub(loop: stand.loop, heartbeat: .seconds(15), queueBytesMax: 64_000_000)
        stand.router.on(.GET, "/events") { _ in .events(hub) }
        let lazy = try stand.client()
        lazy.send("GET /events HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(stand.turn { hub.subscriberCount == 1 })
        // More than the kernel's queues take.
        hub.broadcast(event: "timeline", data: String(repeating: "x", count: 16_000_000), keeping: false)
        stand.turnIdly()
        stand.advance(.seconds(15))
        #expect(hub.subscriberCount == 1)
        stand.advance(.seconds(15))
        #expect(hub.subscriberCount == 0 && hub.droppedCount == 1)
        withExtendedLifetime(lazy) {}
    }

    @Test func dropsWhoDoesNotRead() throws {
        let (stand, hub) = try stand()
        let lazy = try stand.client()
        let awake = try stand.client()
        for client in [lazy, awake] { client.send("GET /events HTTP/1.1\r\nHost: x\r\n\r\n") }
        #expect(stand.turn { hub.subscriberCount == 2 })
        let message = String(repeating: "x", count: 60_000)
        for _ in 0..<200 where hub.subscriberCount == 2 {
            hub.broadcast(event: "timeline", data: message)
            let before = awake.received.count
            awake.read { _ in awake.received.count >= before + 60_000 }
        }
        #expect(hub.subscriberCount == 1 && hub.droppedCount == 1)
        #expect(!awake.isEnded)
    }
}
