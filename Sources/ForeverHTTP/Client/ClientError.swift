/// Why a request brought no whole reply.
public enum ClientError: Error, Hashable, Sendable, CustomStringConvertible {
    /// No transport for this scheme.
    case unsupportedScheme(String)
    case tooManyRequests
    case unknownHost(String)
    /// The last of the host's addresses that was tried.
    case cannotConnect(SystemError)
    case deadlinePassed
    /// A stream on which nothing came for the time given.
    case silent
    case malformedReply(ParseError)
    case replyTooLarge
    /// The connection ended before the reply did.
    case endedEarly
    case broken(SystemError)
    /// The connection could not be protected, or its protection failed, in words: the certificate is for another name, say.
    case protectionFailed(String)
    /// Plain http to this address is not allowed (`HTTPClient.allowsPlain`).
    case plainRefused(String)
    /// More redirects than were allowed.
    case tooManyRedirects
    /// A redirect to what was asked before.
    case redirectLoop
    /// A redirect that must not be followed, and why.
    case redirectRefused(String)
    case cancelled

    public var description: String {
        switch self {
        case .unsupportedScheme(let scheme): "\(scheme) addresses cannot be reached from here"
        case .tooManyRequests: "too many requests under way"
        case .unknownHost(let why): "unknown host: \(why)"
        case .cannotConnect(let error): "cannot connect: \(error)"
        case .deadlinePassed: "no whole reply in the time given"
        case .silent: "nothing came for the time given"
        case .malformedReply(let error): "malformed reply: \(error.rawValue)"
        case .replyTooLarge: "the reply is larger than allowed"
        case .endedEarly: "the connection ended before the reply did"
        case .broken(let error): "the connection broke: \(error)"
        case .protectionFailed(let why): why
        case .plainRefused(let host): "not by plain http to \(host): \(PlainPath.reason)"
        case .tooManyRedirects: "redirected more often than allowed"
        case .redirectLoop: "redirected in a circle"
        case .redirectRefused(let why): "the redirect is not followed: \(why)"
        case .cancelled: "cancelled"
        }
    }
}
