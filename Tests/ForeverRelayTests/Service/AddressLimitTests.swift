import ForeverHTTP
import ForeverRelay
import Testing

/// The limit of connections per address holds for listeners too, who have left the HTTP layer.
@Suite struct AddressLimitTests {
    @Test func listenersCountForTheirAddressUntilTheyGo() throws {
        let world = try TestWorld()
        let root = try TestRoot(world)
        let router = Router()
        root.service.install(into: router)
        var limits = HTTPLimits()
        limits.connectionsPerAddressMax = 2
        let server = HTTPServer(loop: world.loop, router: router, limits: limits)
        let port = try server.listen(host: "127.0.0.1", port: 0)
        _ = world.run(seconds: 10)

        let first = TestClient(world, port: port, get: "/all.mp3")
        let second = TestClient(world, port: port, get: "/all.mp3")
        #expect(world.run(seconds: 10) { first.body.count > 50_000 && second.body.count > 50_000 })
        let third = TestClient(world, port: port, get: "/all.mp3")
        #expect(world.run(seconds: 10) { third.isEnded })
        #expect(third.status != 200)
        #expect(server.refusedCount == 1)
        #expect(root.service.fanout?.connectionCount == 2)

        first.hangUp()
        #expect(world.run(seconds: 10) { root.service.fanout?.connectionCount == 1 })
        let fourth = TestClient(world, port: port, get: "/all.mp3")
        #expect(world.run(seconds: 10) { fourth.body.count > 50_000 })
        #expect(fourth.status == 200)
        root.service.stop()
        let fifth = TestClient(world, port: port, get: "/healthz")
        #expect(world.run(seconds: 10) { fifth.status != nil })
        #expect(fifth.status != 429, "who has stopped counts no more")
    }
}
