import Foundation

/// One question over HTTP.
public struct CloudRequest: Sendable {
    public var method: String
    public var url: URL
    public var headers: [String: String]
    public var body: [UInt8]?
    /// More than that of an answer is not taken.
    public var bytesMax: Int
    /// How long the whole exchange may last. **Units:** s.
    public var secondsMax: Double

    public init(
        _ url: URL, method: String = "GET", headers: [String: String] = [:], body: [UInt8]? = nil, bytesMax: Int,
        secondsMax: Double = CloudLimits.exchangeSecondsMax
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.bytesMax = bytesMax
        self.secondsMax = secondsMax
    }
}

/// The whole answer to it.
public struct CloudReply: Sendable {
    public var status: Int
    /// By name in lower case.
    public var headers: [String: String]
    public var body: [UInt8]

    public init(status: Int, headers: [String: String] = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    subscript(_ name: String) -> String? { headers[name] }

    var isRedirect: Bool { [301, 302, 303, 307, 308].contains(status) && headers["location"] != nil }

    /// Said to be a page for people.
    var isPage: Bool { headers["content-type"]?.lowercased().contains("text/html") == true }

    /// A page for people where data was asked for: so the servers in front answer.
    var looksLikeHTML: Bool {
        isPage || body.drop { $0 == 32 || $0 == 9 || $0 == 10 || $0 == 13 }.first == UInt8(ascii: "<")
    }
}

/// Carries one question and its answer, whole or not at all.
///
/// Redirects are answers and never followed: who follows decides where the token goes. Nothing is cached, no cookie
/// kept. **Thread:** any; it blocks.
public protocol CloudTransport: Sendable {
    /// **Errors:** why there is no whole answer.
    func exchange(_ request: CloudRequest) throws(CloudTransportError) -> CloudReply
}

/// Why an exchange failed.
public enum CloudTransportError: Error, Hashable, Sendable, CustomStringConvertible {
    case unreachable(String)
    case tooSlow(seconds: Double)
    case tooLarge(bytes: Int)
    case brokenOff

    public var description: String {
        switch self {
        case .unreachable(let why): why
        case .tooSlow(let seconds): "no whole answer within \(Int(seconds.rounded(.up))) s"
        case .tooLarge(let bytes): "more than \(bytes) bytes"
        case .brokenOff: "the answer broke off"
        }
    }
}

/// The time, and waiting. Passed in, so that an hour can pass in a minute.
public protocol CloudClock: Sendable {
    /// Since 1970. **Units:** s.
    var wallSeconds: Double { get }
    func sleep(seconds: Double)
}

/// The machine's own.
public struct SystemCloudClock: CloudClock {
    public init() {}
    public var wallSeconds: Double { Date().timeIntervalSince1970 }
    public func sleep(seconds: Double) { Thread.sleep(forTimeInterval: max(0, seconds)) }
}
