/// Decides how the next request gets its token: by what is there, by a refresh, by a new grant, or not now. Pure.
///
/// Grants are scarce (50 in twelve hours, 30 an hour and address), refreshes are the way round that: a grant is made
/// only where there is nothing to refresh, or the refresh token turned out to be used.
public struct TokenMachine: Sendable {
    public enum Advice: Hashable, Sendable {
        case use(String)
        /// With this refresh token.
        case refresh(String)
        case grant
        /// Not before. **Units:** s since 1970.
        case wait(until: Double)
    }

    /// What is kept on disk.
    public private(set) var record: TokenRecord
    /// The token host wants to be left alone until then. **Units:** s since 1970.
    private var closedUntilSeconds = 0.0

    public init(record: TokenRecord) { self.record = record }

    public func advice(nowSeconds: Double) -> Advice {
        if let token = record.token, nowSeconds < token.renewalSeconds { return .use(token.access) }
        if nowSeconds < closedUntilSeconds {
            // A token in its last minute is better than none.
            if let token = record.token, nowSeconds < token.endsSeconds { return .use(token.access) }
            return .wait(until: closedUntilSeconds)
        }
        if let refresh = record.token?.refresh { return .refresh(refresh) }
        if let until = record.grants.waitUntil(nowSeconds: nowSeconds) { return .wait(until: until) }
        return .grant
    }

    /// A grant is being asked for: it counts whatever comes of it.
    package mutating func grantBegins(nowSeconds: Double) { record.grants.count(nowSeconds: nowSeconds) }

    package mutating func granted(_ token: CloudToken) { record.token = token }

    /// The token host refused.
    package mutating func refused(_ problem: CloudProblem, nowSeconds: Double) {
        switch problem {
        case .refreshUsedTwice, .credentialsRefused:
            // Whatever was wrong with the refresh token, a new grant tells.
            guard var token = record.token else { return }
            token.refresh = nil
            token.endsSeconds = min(token.endsSeconds, nowSeconds)
            record.token = token
        case .tokenWait(let until): closedUntilSeconds = until
        default: break
        }
    }

    /// The API did not accept this token: it is renewed before the next request, unless that has happened already.
    package mutating func rejected(_ access: String) {
        guard record.token?.access == access else { return }
        record.token?.endsSeconds = 0
    }

    /// The clock was put back: how long the host wanted to be left alone is not known any more.
    package mutating func forgetTimes() { closedUntilSeconds = 0 }

    package mutating func playBegins(nowSeconds: Double) { record.plays.count(nowSeconds: nowSeconds) }
}

/// What must survive a restart, so that a loop of restarts does not use up what SoundCloud gives.
public struct TokenRecord: Codable, Hashable, Sendable {
    /// For whom the token is.
    public var clientID: String
    package var token: CloudToken?
    package var grants = GrantBook()
    package var plays = PlayBook()

    public init(clientID: String) { self.clientID = clientID }
}

/// Grants of the last twelve hours, kept below what SoundCloud allows.
package struct GrantBook: Codable, Hashable, Sendable {
    package private(set) var timesSeconds: [Double] = []

    package static let hourSeconds = 3_600.0
    package static let halfDaySeconds = 43_200.0

    package init() {}

    package mutating func count(nowSeconds: Double) {
        timesSeconds.removeAll { nowSeconds - $0 >= GrantBook.halfDaySeconds || $0 > nowSeconds }
        timesSeconds.append(nowSeconds)
    }

    /// When the next is allowed; nil: now. **Units:** s since 1970.
    package func waitUntil(nowSeconds: Double) -> Double? {
        func end(_ window: Double, _ limit: Int) -> Double? {
            // Times that lie ahead come from a clock that was put back.
            let recent = timesSeconds.filter { $0 <= nowSeconds && nowSeconds - $0 < window }.sorted()
            return recent.count < limit ? nil : recent[recent.count - limit] + window
        }
        return [
            end(GrantBook.hourSeconds, CloudLimits.grantsPerHourMax),
            end(GrantBook.halfDaySeconds, CloudLimits.grantsPerHalfDayMax),
        ].compactMap { $0 }.max()
    }
}

/// Plays since a window of 24 hours began; the next window begins with the first play after its end.
package struct PlayBook: Codable, Hashable, Sendable {
    package private(set) var windowBegan: Double?
    package private(set) var plays = 0

    package static let windowSeconds = 86_400.0

    package init() {}

    package mutating func count(nowSeconds: Double) {
        if let began = windowBegan, nowSeconds >= began, nowSeconds - began < PlayBook.windowSeconds {
            plays += 1
        } else {
            windowBegan = nowSeconds
            plays = 1
        }
    }

    /// When the next is allowed; nil: now. **Units:** s since 1970.
    package func waitUntil(nowSeconds: Double) -> Double? {
        guard let began = windowBegan, plays >= CloudLimits.playsPerDayMax, nowSeconds >= began,
            nowSeconds - began < PlayBook.windowSeconds
        else { return nil }
        return began + PlayBook.windowSeconds
    }
}
