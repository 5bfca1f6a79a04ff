import ForeverHTTP
import Testing

struct AddressCountsTests {
    private func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }

    @Test func countsUpToTheLimitAndForgets() throws {
        let counts = AddressCounts(perAddressMax: 2)
        var tickets: [AddressTicket] = []
        func takes(_ text: String) throws -> Bool {
            guard case .taken(let ticket) = counts.take(try address(text)) else { return false }
            tickets.append(ticket)
            return true
        }
        #expect(try takes("192.0.2.1") && takes("192.0.2.1"))
        #expect(try !takes("192.0.2.1") && takes("192.0.2.2"))
        #expect(try takes("2001:db8::1") && takes("2001:db8::2") && !takes("2001:db8::3") && takes("2001:db8:0:1::1"))
        #expect(counts.addressCount == 4)
        tickets.removeFirst()
        #expect(try counts.count(address("192.0.2.1")) == 1)
        #expect(try takes("192.0.2.1"))
        // As a number, for tables without references.
        let numbers = tickets.map { $0.detach() }
        tickets = []
        #expect(counts.addressCount == 4)
        for number in numbers { counts.give(number) }
        #expect(counts.addressCount == 0)
    }

    @Test func withoutALimitNothingIsCounted() throws {
        let counts = AddressCounts(perAddressMax: nil)
        guard case .uncounted = counts.take(try address("192.0.2.1")) else { return #expect(Bool(false)) }
        #expect(counts.addressCount == 0)
    }

    @Test func givingBackTwiceStopsTheProgram() async {
        await #expect(processExitsWith: .failure) {
            let counts = AddressCounts(perAddressMax: 1)
            guard case .taken(let ticket) = counts.take(IPAddress("192.0.2.1")) else { return }
            let number = ticket.detach()
            counts.give(number)
            counts.give(number)
        }
    }

    /// Seeded comings and goings against a plain count.
    @Test func agreesWithAPlainCount() throws {
        var random = SeededRandom(seed: 3)
        let counts = AddressCounts(perAddressMax: 5)
        var held: [(Int, AddressTicket)] = []
        for _ in 0..<20_000 {
            let host = Int.random(in: 0..<20, using: &random)
            if Bool.random(using: &random), let index = held.indices.randomElement(using: &random) {
                held.remove(at: index)
            } else if case .taken(let ticket) = counts.take(try address("10.0.0.\(host)")) {
                held.append((host, ticket))
            } else {
                #expect(held.count { $0.0 == host } == 5)
            }
        }
        for host in 0..<20 { #expect(try counts.count(address("10.0.0.\(host)")) == held.count { $0.0 == host }) }
    }

    private func stand(_ max: Int, proxies: String? = nil) throws -> Stand {
        var limits = HTTPLimits()
        limits.connectionsPerAddressMax = max
        let stand = try Stand(limits: limits, proxies: proxies)
        stand.router.on(.GET, "/") { _ in .text("here") }
        return stand
    }

    @Test func oneMoreIsToldSoAndClosed() throws {
        let stand = try stand(2)
        let held = try (0..<2).map { _ in try stand.client() }
        #expect(stand.turn { stand.server.connectionCount == 2 })
        let refused = try stand.client()
        refused.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        let reply = refused.readToEnd()
        #expect(reply.hasPrefix("HTTP/1.1 429 Too Many Requests\r\n"))
        #expect(reply.holds("\r\nAccess-Control-Allow-Origin: *\r\n") && reply.holds("\r\nRetry-After: 30\r\n"))
        #expect(reply.holds("\r\nConnection: close\r\n") && reply.holds("\r\nDate: Tue, 14 Nov 2023 22:13:20 GMT\r\n"))
        #expect(RawClient.replyBytes(reply) == reply.utf8.count)
        #expect(stand.server.connectionCount == 2 && stand.server.refusedCount == 1)
        held[0].finishSending()
        #expect(stand.turn { stand.server.connectionCount == 1 })
        #expect(try stand.exchange("GET / HTTP/1.0\r\n\r\n").hasSuffix("here\n"))
        withExtendedLifetime(held) {}
    }

    @Test func connectionsThatWereHandedOverCountAsLongAsTheirTickets() throws {
        let stand = try stand(2)
        let hub = EventStreamHub(loop: stand.loop)
        var taken: [DetachedConnection] = []
        stand.router.on(.GET, "/events") { _ in .events(hub) }
        stand.router.on(.GET, "/all.mp3") { _ in .takeover(headers: [:]) { taken.append($0) } }
        let subscriber = try stand.client()
        subscriber.send("GET /events HTTP/1.1\r\nHost: x\r\n\r\n")
        let listener = try stand.client()
        listener.send("GET /all.mp3 HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(stand.turn { hub.subscriberCount == 1 && taken.count == 1 })
        #expect(stand.server.connectionCount == 0)
        #expect(try stand.exchange("GET / HTTP/1.0\r\n\r\n").hasPrefix("HTTP/1.1 429 "))
        subscriber.finishSending()
        #expect(stand.turn { hub.subscriberCount == 0 })
        #expect(try stand.exchange("GET / HTTP/1.0\r\n\r\n").hasSuffix("here\n"))
        let number = try #require(taken[0].ticket).detach()
        taken = []
        let loopback = try address("127.0.0.1")
        #expect(stand.turn { stand.server.addressCounts.count(loopback) == 1 })
        stand.server.addressCounts.give(number)
        #expect(stand.server.addressCounts.addressCount == 0)
    }

    @Test func aProxysRequestsCountForItsClients() throws {
        let stand = try stand(1, proxies: "loopback")
        let hub = EventStreamHub(loop: stand.loop)
        stand.router.on(.GET, "/events") { _ in .events(hub) }
        func ask(_ path: String, _ client: String) throws -> RawClient {
            let connection = try stand.client()
            connection.send("GET \(path) HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: \(client)\r\n\r\n")
            connection.read { $0.hasSuffix("\n\n") || RawClient.replyBytes($0) != nil }
            return connection
        }
        let first = try ask("/events", "203.0.113.1")
        #expect(first.text.hasPrefix("HTTP/1.1 200 "))
        // The proxy's own address does not count, and what a client writes in front of its address changes nothing.
        for forged in ["203.0.113.1", "198.51.100.7, 203.0.113.1", "127.0.0.1, 203.0.113.1"] {
            #expect(try ask("/", forged).text.hasPrefix("HTTP/1.1 429 "), "\(forged)")
        }
        let other = try ask("/", "203.0.113.2")
        #expect(other.text.hasPrefix("HTTP/1.1 200 "))
        // The proxy keeps that connection, and its next request is another client's.
        #expect(stand.server.addressCounts.addressCount == 1)
        _ = other.readReply()
        other.send("GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.1\r\n\r\n")
        #expect(other.readReply().hasPrefix("HTTP/1.1 429 "))
        first.finishSending()
        #expect(stand.turn { stand.server.addressCounts.addressCount == 0 })
    }
}
