import ForeverTestKit

/// A root and one relay of it, registered with a token and healthy.
final class RelayedStation {
    let data: TemporaryFolder
    let root: Station
    let relay: Station

    init(rootArguments: [String] = [], relayArguments: [String] = []) throws {
        data = try TemporaryFolder()
        let token = try data.write("a secret of this test, long enough\n".utf8, to: "token")
        root = try Station.root(data: data, ["--relay-token-file", token] + rootArguments)
        relay = try Station.relay(of: root, data: data, port: freePort(), ["--token-file", token] + relayArguments)
        let root = root
        try waitUntil("the relay is registered and healthy", seconds: 20) {
            let relays = try root.json("status.json")["relays"] as? [[String: Any]] ?? []
            return relays.contains { $0["healthy"] as? Bool == true }
        }
        let relay = relay
        try waitUntil("the relay has sound", seconds: 20) {
            try fetch(relay.url + "healthz").status == 200
        }
    }
}
