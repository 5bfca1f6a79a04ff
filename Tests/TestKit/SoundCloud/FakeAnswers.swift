import Foundation

/// Errors in the shapes that the real one has.
package enum FakeAnswers {
    /// The API's own error: a message that says nothing.
    package static func error(_ status: Int) -> FakeReply {
        .json(
            status,
            #"{"code":\#(status),"message":"","link":"https://developers.soundcloud.com/docs/api/explorer/open-api","status":"\#(status) - Fake","errors":[],"error":null}"#
        )
    }

    package static func playQuota(until: Double) -> FakeReply {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: "UTC")
        format.dateFormat = "yyyy/MM/dd HH:mm:ss"
        let time = format.string(from: Date(timeIntervalSince1970: until)) + " +0000"
        return .json(
            429,
            #"{"errors":[{"meta":{"rate_limit":{"group":"plays","max_nr_of_requests":15000,"time_window":"PT24H"},"remaining_requests":0,"reset_time":"\#(time)"}}]}"#
        )
    }

    /// Too fast, without a word of when to come again.
    package static let tooFast = FakeReply.json(
        429,
        #"{"code":429,"message":"rate_limit_exceeded","status":"429 - Too Many Requests","errors":[{"error_message":"rate_limit_exceeded"}],"error":null,"error_code":"rate_limit_exceeded"}"#
    )

    /// CloudFront's page.
    package static func front(_ status: Int) -> FakeReply {
        FakeReply(
            status, headers: ["Content-Type": "text/html", "Server": "CloudFront", "X-Cache": "Error from cloudfront"],
            body: Array(
                "<!DOCTYPE HTML><HTML><BODY><H1>\(status) ERROR</H1>The request could not be satisfied.</BODY></HTML>"
                    .utf8))
    }
}
