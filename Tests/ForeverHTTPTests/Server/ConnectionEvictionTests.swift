import ForeverHTTP
import Testing

struct ConnectionEvictionTests {
    /// Connections by name and how they stand, and the order in which they go.
    @Test(
        arguments: [
            ([:], ""), (["a": .busy], ""), (["a": .idle(sinceNanoseconds: 5), "b": .idle(sinceNanoseconds: 3)], "ba"),
            (["a": .readingHead(sinceNanoseconds: 1), "b": .idle(sinceNanoseconds: 9), "c": .busy], "ba"),
            (["a": .readingHead(sinceNanoseconds: 7), "b": .readingHead(sinceNanoseconds: 6)], "ba"),
        ] as [([String: ConnectionStanding], String)])
    func sparesThoseAtWork(_ connections: [String: ConnectionStanding], _ order: String) {
        var eviction = ConnectionEviction<String>()
        var held = connections
        var gone = ""
        while let next = eviction.next(look: { held.map { ($0.key, $0.value) } }, standing: { held[$0] }) {
            gone += next
            held[next] = nil
        }
        #expect(gone == order)
    }

    @Test func looksOncePerList() {
        var held: [Int: ConnectionStanding] = [:]
        for key in 0..<100 { held[key] = .idle(sinceNanoseconds: Int64(key)) }
        var eviction = ConnectionEviction<Int>()
        var lookCount = 0
        for key in 0..<100 {
            let next = eviction.next(
                look: {
                    lookCount += 1
                    return held.map { ($0.key, $0.value) }
                }, standing: { held[$0] })
            #expect(next == key)
            held[key] = .busy
        }
        #expect(lookCount == 1)
        // Who has changed since the list was made is not taken for what it was.
        held = [1: .idle(sinceNanoseconds: 1), 2: .idle(sinceNanoseconds: 2), 3: .idle(sinceNanoseconds: 3)]
        #expect(eviction.next(look: { held.map { ($0.key, $0.value) } }, standing: { held[$0] }) == 1)
        held[2] = .busy
        #expect(eviction.next(look: { [] }, standing: { held[$0] }) == 3)
    }

    private func stand(connectionsMax: Int) throws -> Stand {
        var limits = HTTPLimits()
        limits.connectionsMax = connectionsMax
        let stand = try Stand(limits: limits)
        stand.router.on(.GET, "/") { _ in .text("here") }
        return stand
    }

    @Test func idleConnectionsMakeRoomOldestFirst() throws {
        let stand = try stand(connectionsMax: 3)
        let idle = try (0..<3).map { _ in
            let client = try stand.client()
            client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(client.readReply().hasSuffix("here\n"))
            stand.advance(.seconds(1))
            return client
        }
        let slow = try stand.client()
        slow.send("GET / HT")
        #expect(stand.turn { stand.server.evictedCount == 1 })
        #expect(try stand.exchange("GET / HTTP/1.0\r\n\r\n").hasSuffix("here\n"))
        for client in idle { client.poll() }
        #expect(idle.map(\.isEnded) == [true, true, false])
        slow.send("TP/1.0\r\n\r\n")
        #expect(slow.readToEnd().hasSuffix("here\n"), "an idle one goes before one that asks")
    }

    /// Thousands of half heads cannot keep anybody out.
    @Test func halfHeadsLockNobodyOut() throws {
        let stand = try stand(connectionsMax: 4)
        var slow: [RawClient] = []
        for _ in 0..<40 {
            slow.append(try stand.client())
            slow.last?.send("GET / HTTP/1.1\r\nHo")
            stand.advance(.milliseconds(10))
        }
        #expect(stand.turn { stand.server.evictedCount == 36 })
        #expect(stand.server.connectionCount == 4)
        #expect(try stand.exchange("GET / HTTP/1.0\r\n\r\n").hasSuffix("here\n"))
    }

    @Test func whenAllAreAtWorkNewOnesWait() throws {
        let stand = try stand(connectionsMax: 2)
        var waiting: [Responder] = []
        stand.router.on(.GET, "/later") { _ in .deferred { waiting.append($0) } }
        let busy = try (0..<2).map { _ in
            let client = try stand.client()
            client.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n")
            return client
        }
        #expect(stand.turn { waiting.count == 2 })
        let late = try stand.client()
        late.send("GET / HTTP/1.0\r\n\r\n")
        stand.turnIdly()
        let turns = stand.loop.turnCount
        stand.loop.turn(sleepMillisecondsMax: 20)
        #expect(stand.loop.turnCount == turns + 1, "the listening socket does not keep the loop awake")
        late.poll()
        #expect(stand.server.connectionCount == 2 && late.received.isEmpty && stand.server.evictedCount == 0)
        // An answered connection is kept alive, so nothing ends; it is found idle at the next look.
        waiting[0].answer(.text("later"))
        #expect(busy[0].readReply().hasSuffix("later\n"))
        stand.advance(.milliseconds(100))
        #expect(late.readToEnd().hasSuffix("here\n"))
        #expect(stand.server.evictedCount == 1)
        withExtendedLifetime(busy) {}
    }
}
