import Foundation

/// What went wrong between us and SoundCloud, told by status, headers and shape of the answer, never by its wording.
public enum CloudProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// The token host knows no such id and secret (401), or the application is not active: only the operator can help.
    case credentialsRefused(status: Int)
    /// A refresh token that was used before; one new grant helps.
    case refreshUsedTwice
    /// No token can be had before then: too many were asked for. **Units:** s since 1970.
    case tokenWait(until: Double)
    /// The token is missing, over or of the wrong kind.
    case unauthorized
    /// A question that we asked wrongly; asking again does not help.
    case badRequest(status: Int)
    /// Not for this application: the track, or everything while the application's owner lacks a subscription.
    case forbidden
    /// A page of HTML from the servers in front: this address is refused, or they are in trouble. **Units:** s since
    /// 1970, where it was said when it ends.
    case front(status: Int, until: Double? = nil)
    /// Gone, private, or an outage that looks like it.
    case notFound
    /// The day's plays are used up. **Units:** s since 1970, where it was said.
    case playQuota(until: Double?)
    /// Too fast. **Units:** s since 1970, where it was said.
    case tooFast(until: Double?)
    /// **Units:** s since 1970, where it was said when it ends.
    case outage(status: Int, until: Double? = nil)
    /// Nobody answers, or the answer broke off.
    case unreachable(String)
    /// An answer that is not what it should be.
    case malformed(String)
    /// The signed address of a playlist or a segment is over.
    case signatureOver
    /// The sound itself is not for us.
    case refused(SoundRefusal)
    /// Whoever asked does not want it any more.
    case cancelled

    /// Which answer it was.
    public enum Place: Hashable, Sendable {
        case token, api
        /// `/streams` and the address it gives: what counts as a play.
        case play
        /// Playlists, segments and pictures, without a token.
        case media
    }

    /// What is to be done about it.
    public enum Consequence: Hashable, Sendable {
        /// Pass over this one thing and go on.
        case passOver
        /// Let SoundCloud alone for a while, until then at least where it was said. **Units:** s since 1970.
        case wait(until: Double?)
        /// The same, for much longer.
        case waitLong(until: Double?)
        /// No plays until then; everything else goes on.
        case waitForPlays(until: Double?)
        /// Nothing helps until the operator does something: asked once an hour whether he has.
        case waitForOperator
    }

    public var consequence: Consequence {
        switch self {
        case .badRequest, .forbidden, .notFound, .signatureOver, .refused, .cancelled, .malformed: .passOver
        case .tokenWait(let until): .wait(until: until)
        case .tooFast(let until), .outage(_, let until): .wait(until: until)
        case .unauthorized, .refreshUsedTwice, .unreachable: .wait(until: nil)
        case .front(_, let until): .waitLong(until: until)
        case .playQuota(let until): .waitForPlays(until: until)
        // It has refused good ones for some days by other answers than 401.
        case .credentialsRefused(let status): status == 401 ? .waitForOperator : .waitLong(until: nil)
        }
    }

    public var description: String {
        switch self {
        case .credentialsRefused(let status):
            "SoundCloud does not accept the client id and secret (\(status)): look at them, and whether the application is active"
        case .refreshUsedTwice: "SoundCloud's refresh token was used before"
        case .tokenWait: "SoundCloud gives no more tokens for a while"
        case .unauthorized: "SoundCloud does not accept the token"
        case .badRequest(let status): "SoundCloud does not understand the question (\(status))"
        case .forbidden: "SoundCloud does not allow it to this application (403)"
        case .front(let status, _):
            "SoundCloud's front refuses this server's address or is in trouble (\(status), a page instead of data)"
        case .notFound: "SoundCloud does not have it (404)"
        case .playQuota: "the day's plays of this SoundCloud application are used up"
        case .tooFast: "SoundCloud wants to be asked less often (429)"
        case .outage(let status, _): "SoundCloud is in trouble (\(status))"
        case .unreachable(let why): "SoundCloud does not answer: \(why)"
        case .malformed(let what): "SoundCloud answers something unexpected: \(what)"
        case .signatureOver: "a signed address was over before it was used"
        case .refused(let refusal): "\(refusal)"
        case .cancelled: "not wanted any more"
        }
    }

    /// What an answer that is no success means.
    package init(_ reply: CloudReply, at place: Place, nowSeconds: Double) {
        let body = ErrorBody(reply.body)
        switch reply.status {
        // Signatures that are over are refused in XML.
        case 400..<500 where place == .media && reply.isPage: self = .front(status: reply.status)
        case 400..<500 where place == .media && [401, 403, 410].contains(reply.status): self = .signatureOver
        case 429: self = CloudProblem.tooMany(body, reply, place, nowSeconds)
        case 400..<500 where body == nil && reply.looksLikeHTML: self = .front(status: reply.status)
        case 500...:
            let until = CloudProblem.retryAfter(reply, nowSeconds)
            self =
                reply.looksLikeHTML
                ? .front(status: reply.status, until: until) : .outage(status: reply.status, until: until)
        case 400 where place == .token && body?.error == "invalid_grant": self = .refreshUsedTwice
        case 400...403 where place == .token: self = .credentialsRefused(status: reply.status)
        case 401: self = .unauthorized
        case 403: self = .forbidden
        case 404, 410: self = .notFound
        case 400..<500: self = .badRequest(status: reply.status)
        default: self = .malformed("status \(reply.status)")
        }
    }

    private static func tooMany(
        _ body: ErrorBody?, _ reply: CloudReply, _ place: Place, _ now: Double
    ) -> CloudProblem {
        // Several limits may have been hit at once: the last to end counts.
        let resets = (body?.limits ?? []).compactMap(\.resetSeconds).filter { isBelievable($0, now) }
        let until = (resets + [retryAfter(reply, now)].compactMap { $0 }).max()
        if place == .token { return .tokenWait(until: until ?? now + CloudProblem.tokenWaitSeconds) }
        // Only plays have a daily limit; without a group, the place tells.
        let isPlays = body?.limits.contains { $0.group == "plays" } ?? false
        return isPlays || (place == .play && until != nil) ? .playQuota(until: until) : .tooFast(until: until)
    }

    /// When it may be asked again, as `Retry-After` says in seconds or by a date. **Units:** s since 1970.
    private static func retryAfter(_ reply: CloudReply, _ now: Double) -> Double? {
        guard let text = reply["retry-after"] else { return nil }
        let time = Double(text).map { now + $0 } ?? CloudTime.http(text)
        return time.flatMap { isBelievable($0, now) ? $0 : nil }
    }

    /// A time that is over, or far off, says nothing.
    private static func isBelievable(_ time: Double, _ now: Double) -> Bool {
        time > now && time - now <= CloudLimits.untilSecondsMax
    }

    /// When the token host says no more than "too many": the shorter of its two windows. **Units:** s.
    static let tokenWaitSeconds = 3_600.0
}

/// What an error says in JSON: three shapes are known, and any field may be missing.
struct ErrorBody: Decodable, Hashable {
    var error: String?
    var limits: [Limit] = []

    struct Limit: Decodable, Hashable {
        var group: String?
        var resetSeconds: Double?

        init(from decoder: any Decoder) throws {
            let fields = try CloudFields(decoder)
            guard let meta: Meta = fields.value("meta") else { return }
            group = meta.group
            resetSeconds = meta.resetSeconds
        }
    }

    private struct Meta: Decodable {
        var group: String?
        var resetSeconds: Double?

        init(from decoder: any Decoder) throws {
            let fields = try CloudFields(decoder)
            resetSeconds = fields.text("reset_time").flatMap(CloudTime.seconds)
            let limit: Group? = fields.value("rate_limit")
            group = limit?.name
        }
    }

    private struct Group: Decodable {
        var name: String?
        init(from decoder: any Decoder) throws { name = try CloudFields(decoder).text("group") }
    }

    /// nil for what is no JSON object.
    init?(_ bytes: [UInt8]) {
        guard let found = try? JSONDecoder().decode(ErrorBody.self, from: Data(bytes)) else { return nil }
        self = found
    }

    init(from decoder: any Decoder) throws {
        let fields = try CloudFields(decoder)
        error = fields.text("error")
        let listed: [Readable<Limit>]? = fields.value("errors")
        limits = (listed ?? []).compactMap(\.value)
    }
}
