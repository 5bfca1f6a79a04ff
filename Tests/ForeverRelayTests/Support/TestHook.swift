import ForeverHTTP
import ForeverRelay

/// A server that takes alerts, after it has failed as often as it is told to.
final class TestHook {
    let server: HTTPServer
    let port: UInt16
    var failures = 0
    private(set) var asked = 0
    private(set) var taken: [JSONValue] = []

    init(_ world: TestWorld) throws {
        let router = Router()
        server = HTTPServer(loop: world.loop, router: router)
        port = try server.listen(host: "127.0.0.1", port: 0)
        router.on(.POST, "/hook") { [unowned self] request in
            asked += 1
            guard failures == 0 else {
                failures -= 1
                return .status(.serviceUnavailable)
            }
            if let json = try? JSONParser.parse(request.body) { taken.append(json) }
            return .text("taken")
        }
    }
}
