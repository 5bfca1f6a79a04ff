import Foundation
import ForeverCore
import Testing

@Suite struct CloudProblemTests {
    private static let now = 1_795_000_000.0

    private func problem(
        _ status: Int, _ body: String = "", at place: CloudProblem.Place = .api, _ headers: [String: String] = [:]
    ) -> CloudProblem {
        CloudProblem(
            CloudReply(status: status, headers: headers, body: Array(body.utf8)), at: place, nowSeconds: Self.now)
    }

    private static let bare =
        #"{"code":401,"message":"","link":"x","status":"401 - Unauthorized","errors":[],"error":null}"#
    private static let html = "\n<!DOCTYPE html><html><body>The request could not be satisfied</body></html>"

    @Test func everyErrorOfTheFactSheetIsUnderstood() {
        #expect(problem(401, Self.bare) == .unauthorized)
        #expect(problem(401, "") == .unauthorized)
        #expect(problem(401, #"{"error":"invalid_client"}"#, at: .token) == .credentialsRefused(status: 401))
        #expect(problem(400, #"{"error":"invalid_request"}"#, at: .token) == .credentialsRefused(status: 400))
        #expect(problem(400, #"{"error":"invalid_grant"}"#, at: .token) == .refreshUsedTwice)
        #expect(
            problem(400, #"{"code":400,"message":"x","errors":[{"error_message":"x"}]}"#) == .badRequest(status: 400))
        #expect(problem(403, #"{"code":403,"message":"","errors":[],"error":null}"#, at: .play) == .forbidden)
        #expect(problem(403, #"{"code":403,"errors":[{"error_message":"the owner needs Pro"}]}"#) == .forbidden)
        #expect(problem(403, Self.html) == .front(status: 403))
        #expect(problem(403, Self.html, at: .play, ["content-type": "text/html"]) == .front(status: 403))
        #expect(problem(403, Self.html, at: .token) == .front(status: 403))
        #expect(problem(400, Self.html) == .front(status: 400))
        #expect(problem(504, Self.html) == .front(status: 504))
        #expect(problem(403, #"{"error":"not allowed by gateway"}"#) == .forbidden)
        #expect(problem(404, #"{"code":404,"message":"404 - Not Found"}"#) == .notFound)
        #expect(problem(422, "{}") == .badRequest(status: 422))
        #expect(problem(500, "") == .outage(status: 500))
        #expect(problem(503, "{}") == .outage(status: 503))
        #expect(problem(403, "<Error/>", at: .media) == .signatureOver)
        #expect(
            problem(403, Self.html, at: .media, ["content-type": "text/html; charset=utf-8"]) == .front(status: 403))
        #expect(problem(403, "<Error/>", at: .media, ["content-type": "text/xml"]) == .signatureOver)
        #expect(problem(404, "", at: .media) == .notFound)
        #expect(problem(301) == .malformed("status 301"))
    }

    @Test func everyFormOfTooManyIsUnderstood() {
        let reset = CloudTime.seconds("2026/11/23 06:12:40 +0000")!
        func quota(_ meta: String) -> String { #"{"errors":[{"meta":\#(meta)}]}"# }
        let plays =
            #"{"rate_limit":{"group":"plays","max_nr_of_requests":15000,"time_window":"PT24H"},"remaining_requests":0,"#
            + #""reset_time":"2026/11/23 06:12:40 +0000"}"#
        func at(_ now: Double, _ body: String, _ place: CloudProblem.Place) -> CloudProblem {
            CloudProblem(CloudReply(status: 429, body: Array(body.utf8)), at: place, nowSeconds: now)
        }
        #expect(at(reset - 500, quota(plays), .play) == .playQuota(until: reset))
        #expect(at(reset + 5, quota(plays), .play) == .playQuota(until: nil), "a time that is over says nothing")
        #expect(at(reset - 1e7, quota(plays), .play) == .playQuota(until: nil), "nor one that is months away")
        let byAddress =
            #"{"rate_limit":{"bucket":"by-ip","max_nr_of_requests":30,"time_window":"PT1H","#
            + #""name":"client-credentials-exchange"},"remaining_requests":0,"reset_time":"2026/11/23 06:12:40 +0000"}"#
        #expect(at(reset - 500, quota(byAddress), .token) == .tokenWait(until: reset))
        #expect(at(100, #"{"error":"rate_limit_exceeded"}"#, .token) == .tokenWait(until: 3_700))
        #expect(at(reset - 500, quota(byAddress), .api) == .tooFast(until: reset))
        let long = #"{"code":429,"message":"rate_limit_exceeded","errors":[{"error_message":"x"}],"error_code":"x"}"#
        #expect(at(0, long, .api) == .tooFast(until: nil))
        #expect(at(0, Self.html, .api) == .tooFast(until: nil))
        #expect(problem(429, long, at: .api, ["retry-after": "17"]) == .tooFast(until: Self.now + 17))
        #expect(problem(429, long, at: .play) == .tooFast(until: nil))
        // 1795000000 is a Wednesday.
        let date = "Wed, 18 Nov 2026 11:07:10 GMT"
        #expect(problem(429, long, at: .api, ["retry-after": date]) == .tooFast(until: Self.now + 30))
        #expect(problem(503, "", at: .api, ["retry-after": date]) == .outage(status: 503, until: Self.now + 30))
        #expect(problem(500, "{}", at: .api, ["retry-after": "90"]) == .outage(status: 500, until: Self.now + 90))
        #expect(problem(503, Self.html, at: .api, ["retry-after": "900"]) == .front(status: 503, until: Self.now + 900))
        for nothing in ["soon", "-5", "nan", "1e99", "Wed, 18 Nov 2020 11:07:10 GMT", "Wed, 18 Foo 2026 11:07:10 GMT"] {
            #expect(problem(503, "", at: .api, ["retry-after": nothing]) == .outage(status: 503), "\(nothing)")
        }
        let absurd = #"{"errors":[{"meta":{"rate_limit":{"group":"x"},"reset_time":"2099/01/01 00:00:00 +0000"}}]}"#
        #expect(
            problem(429, absurd, at: .api, ["retry-after": "17"]) == .tooFast(until: Self.now + 17),
            "one absurd time does not spoil a good one")
        let both = #"{"errors":[{"meta":\#(byAddress)},7,{"meta":\#(plays)},{"meta":null}]}"#
        #expect(at(reset - 500, both, .play) == .playQuota(until: reset))
    }

    @Test func noErrorTellsTheOperatorAToken() {
        #expect(!"\(problem(401, #"{"error":"2-000000--fakeToken"}"#, at: .token))".contains("fakeToken"))
    }

    @Test func onlyTheHostsOfSoundCloudAreBelieved() throws {
        let real = CloudAddresses.standard
        func url(_ text: String) -> URL { URL(string: text)! }
        #expect(real.isAPI(url("https://api.soundcloud.com/tracks")))
        #expect(real.isAPI(url("https://API.soundcloud.com:443/tracks")))
        for stranger in [
            "http://api.soundcloud.com/", "https://api.soundcloud.com:8443/", "https://api.soundcloud.com.example.org/",
            "https://x@api.soundcloud.com/", "https://api-internal.soundcloud.com/", "https://example.org/",
        ] { #expect(!real.isAPI(url(stranger)), "\(stranger)") }
        #expect(real.isMedia(url("https://playback.media-streaming.soundcloud.cloud/x")))
        #expect(real.isMedia(url("https://cf-hls-media.sndcdn.com/x")))
        for stranger in [
            "http://cf-hls-media.sndcdn.com/x", "https://sndcdn.com.example.org/", "https://evilsndcdn.com/",
            "https://169.254.169.254/", "file:///etc/passwd",
        ] { #expect(!real.isMedia(url(stranger)), "\(stranger)") }
        let fake = try CloudAddresses(apiBase: "http://127.0.0.1:9", tokenURL: "http://127.0.0.1:9/t")
        #expect(fake.isMedia(url("http://127.0.0.1:10/x")) && !fake.isAPI(url("http://127.0.0.1:10/x")))
        #expect(!fake.isMedia(url("http://example.org/x")))
        #expect(CloudAddresses.expiry(of: url("https://x/a.m3u8?expires=1795332000&Policy=p")) == 1_795_332_000)
    }
}
