import ForeverHTTP
import ForeverRelay
import ForeverTestKit
import Testing

/// Relay credentials by plain http: from where they are looked at.
@Suite struct PlainCredentialsTests {
    /// Whether credentials of a request are refused.
    private func refusal(
        from peer: String, isProtected: Bool = false, proxies: String? = nil, _ lines: [String] = [],
        isInsecure: Bool = false
    ) throws -> Response? {
        let world = try TestWorld()
        var settings = ServiceSettings(role: .root, version: "1")
        settings.isInsecure = isInsecure
        let service = StreamService(loop: world.loop, settings: settings)
        let text = (["GET /all.mp3 HTTP/1.1", "Host: x"] + lines).joined(separator: "\r\n") + "\r\n\r\n"
        let head = try Array(text.utf8).withUnsafeBytes { try HeadParser.request($0, limits: HTTPLimits()) }
        let request = Request(
            head: head, peerAddress: SocketAddress(numericHost: peer, port: 5_000),
            proxies: try proxies.map { try TrustedProxies($0) } ?? .none, isProtected: isProtected)
        return service.refusalOfPlain(request)
    }

    @Test func theOpenNetIsRefusedAndToldWhy() throws {
        for peer in ["198.51.100.7", "2001:db8::7", "169.254.1.1", "fe80::1"] {
            let answer = try #require(try refusal(from: peer))
            #expect(answer.status == .forbidden)
            guard case .bytes(let bytes) = answer.body else {
                Issue.record("no words")
                continue
            }
            let words = String(decoding: bytes, as: UTF8.self)
            #expect(words.contains(peer) && words.contains("https") && words.contains("--insecure"))
            #expect(try refusal(from: peer, isProtected: true) == nil)
            #expect(try refusal(from: peer, isInsecure: true) == nil)
        }
    }

    @Test func thisMachineAndPrivateNetworksAreNot() throws {
        for peer in ["127.0.0.1", "::1", "10.0.0.1", "::ffff:192.168.1.1", "172.16.0.1", "fd12::1"] {
            #expect(try refusal(from: peer) == nil, "\(peer)")
        }
    }

    @Test func aProxySaysHowTheClientCame() throws {
        let client = "X-Forwarded-For: 198.51.100.7"
        #expect(try refusal(from: "127.0.0.1", proxies: "loopback", [client]) != nil)
        #expect(try refusal(from: "127.0.0.1", proxies: "loopback", [client, "X-Forwarded-Proto: http"]) != nil)
        #expect(try refusal(from: "127.0.0.1", proxies: "loopback", [client, "X-Forwarded-Proto: https"]) == nil)
        // Nobody's word is taken who is not trusted.
        #expect(try refusal(from: "198.51.100.7", ["X-Forwarded-Proto: https"]) != nil)
        #expect(try refusal(from: "198.51.100.7", proxies: "loopback", ["X-Forwarded-Proto: https"]) != nil)
    }
}
