import ForeverHTTP
import Glibc
import Testing

struct RedirectTests {
    private final class Outcome {
        var reply: Result<ClientReply, ClientError>?
        var heads: [ResponseHead] = []
        var bytes: [UInt8] = []
        var ends: [ClientError?] = []

        var text: String? {
            if case .success(let reply) = reply { String(decoding: reply.body, as: UTF8.self) } else { nil }
        }
        var error: ClientError? { if case .failure(let error) = reply { error } else { nil } }
    }

    /// A server whose `/to` leads with a status to wherever the query says, and that says at `/end` what it was asked.
    private func stand() throws -> Stand {
        let stand = try Stand()
        func moved(_ request: Request) -> Response {
            let status = Status(Int(request.query("status") ?? "") ?? 302)
            return Response(
                status: status, headers: ["Location": request.query("to") ?? ""],
                body: .bytes(Array("this way".utf8)))
        }
        func end(_ request: Request) -> Response {
            let body = String(decoding: request.body, as: UTF8.self)
            let names = ["Authorization", "Cookie", "X-Own", "Content-Type"].map { request.headers[$0] ?? "-" }
            return .text("\(request.method.rawValue) \(request.target) [\(body)] \(names.joined(separator: " "))")
        }
        for method in [Method.GET, .POST, .PUT] {
            stand.router.on(method, "/to") { moved($0) }
            stand.router.on(method, "/end") { end($0) }
        }
        stand.router.on(.GET, "/count/:n") { request in
            let n = Int(request.parameters["n"] ?? "") ?? 0
            return Response(status: .found, headers: ["Location": n > 0 ? "\(n - 1)" : "/end"])
        }
        stand.router.on(.GET, "/circle") { _ in Response(status: .found, headers: ["Location": "/circle/on"]) }
        stand.router.on(.GET, "/circle/on") { _ in Response(status: .found, headers: ["Location": "../circle"]) }
        stand.router.on(.GET, "/bare") { _ in .text("no address", status: .found) }
        return stand
    }

    private func ask(
        _ stand: Stand, _ path: String, method: Method = .GET, host: String = "127.0.0.1", scheme: String = "http",
        redirectsMax: Int = 5, headers: HeaderFields = [:], body: String = ""
    ) throws -> Outcome {
        let client = HTTPClient(loop: stand.loop)
        client.protectedSchemes = ["https"]
        let address = try #require(HTTPAddress("\(scheme)://\(host):\(stand.port)\(path)"))
        let outcome = Outcome()
        client.send(
            method, address, headers, Array(body.utf8), .seconds(10), 10_000, redirectsMax: redirectsMax
        ) { outcome.reply = $0 }
        #expect(stand.turn { outcome.reply != nil })
        #expect(client.runningCount == 0)
        return outcome
    }

    @Test func followsNoneUnlessAsked() throws {
        let outcome = try ask(stand(), "/to?to=/end", redirectsMax: 0)
        #expect(outcome.text == "this way")
        #expect(try outcome.reply?.get().status == .found)
    }

    @Test(arguments: [301, 302, 303, 307, 308]) func followsRelativeAndAbsolute(_ status: Int) throws {
        let stand = try stand()
        let absolute = PercentCoding.encode("http://localhost:\(stand.port)/end?a=b#part")
        for to in ["/end?a=b", "end?a=b", absolute].map({ $0.hasPrefix("http") ? $0 : PercentCoding.encode($0) }) {
            #expect(try ask(stand, "/to?status=\(status)&to=\(to)").text == "GET /end?a=b [] - - - -\n", "\(to)")
        }
    }

    @Test(arguments: [
        (301, "GET /end [] - - - -\n"), (302, "GET /end [] - - - -\n"), (303, "GET /end [] - - - -\n"),
        (307, "POST /end [news] - - - text/x\n"), (308, "POST /end [news] - - - text/x\n"),
    ])
    func turnsAPostIntoAGetWhereItMust(_ status: Int, _ asked: String) throws {
        let outcome = try ask(
            stand(), "/to?status=\(status)&to=/end", method: .POST, headers: ["Content-Type": "text/x"], body: "news")
        #expect(outcome.text == asked)
    }

    @Test func aPutStaysAPutUnlessToldToLookElsewhere() throws {
        for (status, asked) in [
            (301, "PUT /end [news]"), (302, "PUT /end [news]"), (303, "GET /end []"), (307, "PUT /end [news]"),
        ] {
            let outcome = try ask(stand(), "/to?status=\(status)&to=/end", method: .PUT, body: "news")
            #expect(outcome.text?.hasPrefix(asked) == true, "\(status)")
        }
    }

    @Test func otherStatusesAndMissingAddressesAreAnswers() throws {
        for status in [300, 304, 305, 404] {
            let outcome = try ask(stand(), "/to?status=\(status)&to=/end")
            #expect(try outcome.reply?.get().status.code == status)
        }
        #expect(try ask(stand(), "/bare").text == "no address\n")
    }

    @Test func anotherServerNeverSeesTheCredentials() throws {
        let stand = try stand()
        let headers: HeaderFields = ["Authorization": "secret", "Cookie": "secret", "X-Own": "mine"]
        #expect(try ask(stand, "/to?to=/end", headers: headers).text == "GET /end [] secret secret mine -\n")
        let other = PercentCoding.encode("http://localhost:\(stand.port)/end")
        #expect(try ask(stand, "/to?to=\(other)", headers: headers).text == "GET /end [] - - mine -\n")
        // Nor does it get them on the way back.
        let back = PercentCoding.encode("http://127.0.0.1:\(stand.port)/end")
        let there = PercentCoding.encode("http://localhost:\(stand.port)/to?to=\(back)")
        #expect(try ask(stand, "/to?to=\(there)", headers: headers).text == "GET /end [] - - mine -\n")
    }

    @Test func endsAfterTheLimitAndInCircles() throws {
        let stand = try stand()
        #expect(try ask(stand, "/count/4", redirectsMax: 5).text == "GET /end [] - - - -\n")
        #expect(try ask(stand, "/count/4", redirectsMax: 4).error == .tooManyRedirects)
        #expect(try ask(stand, "/circle", redirectsMax: 50).error == .redirectLoop)
        #expect(try ask(stand, "/to?to=/circle", redirectsMax: 1).error == .tooManyRedirects)
    }

    @Test func refusesWhereItMustNotGo() throws {
        let stand = try stand()
        let plain = PercentCoding.encode("http://127.0.0.1:\(stand.port)/end")
        guard case .redirectRefused = try ask(stand, "/to?to=\(plain)", scheme: "https").error else {
            return #expect(Bool(false), "from https to http")
        }
        #expect(try ask(stand, "/to?to=/end", scheme: "https").text?.hasPrefix("GET /end") == true)
        for to in ["ftp://x/", "javascript:1", "http://user@x/", "http://", "/%C3%BC b"] {
            guard case .redirectRefused = try ask(stand, "/to?to=\(PercentCoding.encode(to))").error else {
                return #expect(Bool(false), "\(to)")
            }
        }
    }

    @Test func oneDeadlineHoldsForAllOfIt() throws {
        let stand = try stand()
        stand.router.on(.GET, "/slow/:n") { request in
            .deferred { responder in
                let n = Int(request.parameters["n"] ?? "") ?? 0
                stand.loop.schedule(after: .seconds(2)) {
                    responder.answer(Response(status: .found, headers: ["Location": "\(n + 1)"]))
                }
            }
        }
        let client = HTTPClient(loop: stand.loop)
        let outcome = Outcome()
        client.get(
            try #require(HTTPAddress("http://127.0.0.1:\(stand.port)/slow/0")), deadline: .seconds(5), redirectsMax: 20
        ) { outcome.reply = $0 }
        for seconds in 1...5 {
            stand.turnIdly()
            #expect(outcome.reply == nil, "after \(seconds - 1) s")
            stand.advance(.seconds(1))
        }
        #expect(outcome.error == .deadlinePassed && client.runningCount == 0)
        #expect(stand.server.requestCount == 3)
    }

    @Test func streamsAreFollowedAndCancelled() throws {
        let stand = try stand()
        var source: DetachedConnection?
        stand.router.on(.GET, "/all.mp3") { _ in .takeover(headers: ["X-Here": "1"]) { source = $0 } }
        let client = HTTPClient(loop: stand.loop)
        let outcome = Outcome()
        let request = client.stream(
            try #require(HTTPAddress("http://127.0.0.1:\(stand.port)/to?to=/all.mp3")), redirectsMax: 1,
            onHead: { outcome.heads.append($0) }, onBody: { outcome.bytes += $0 }, onEnd: { outcome.ends.append($0) })
        #expect(stand.turn { outcome.heads.count == 1 })
        #expect(outcome.heads[0].headers["X-Here"] == "1" && outcome.bytes.isEmpty && !request.isEnded)
        let fd = try #require(source?.fd)
        #expect(write(fd, "sound", 5) == 5)
        #expect(stand.turn { outcome.bytes.count == 5 })
        request.pause()
        request.resume()
        request.cancel()
        #expect(outcome.ends == [.cancelled] && request.isEnded && client.runningCount == 0)
    }

    @Test func aRequestCancelledOnItsWayEndsOnce() throws {
        let stand = try stand()
        stand.router.on(.GET, "/never") { _ in
            .deferred { responder in stand.loop.schedule(after: .seconds(50)) { responder.answer(.text("")) } }
        }
        let client = HTTPClient(loop: stand.loop)
        let outcome = Outcome()
        let request = client.get(
            try #require(HTTPAddress("http://127.0.0.1:\(stand.port)/to?to=/never")), redirectsMax: 3
        ) { outcome.reply = $0 }
        #expect(stand.turn { stand.server.requestCount == 2 })
        request.cancel()
        #expect(outcome.error == .cancelled && request.isEnded)
        stand.turnIdly()
        #expect(client.runningCount == 0)
    }
}
