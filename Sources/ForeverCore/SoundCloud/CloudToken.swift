/// A token and what renews it. Opaque texts: nothing is read into them.
public struct CloudToken: Codable, Hashable, Sendable {
    package var access: String
    /// Works once; the answer to it brings the next.
    package var refresh: String?
    /// **Units:** s since 1970.
    package var endsSeconds: Double
    /// **Units:** s.
    package var lifeSeconds: Double

    package init(access: String, refresh: String?, lifeSeconds: Double, nowSeconds: Double) {
        self.access = access
        self.refresh = refresh
        self.lifeSeconds = lifeSeconds
        endsSeconds = nowSeconds + lifeSeconds
    }

    /// From this time on it is renewed before it is used.
    package var renewalSeconds: Double { endsSeconds - min(CloudLimits.tokenMarginSeconds, lifeSeconds / 10) }
}

extension CloudToken: CustomStringConvertible {
    /// Without the token, wherever it may be written.
    public var description: String { "a token until \(Int(endsSeconds))" }
}

/// What the token host answers.
package struct TokenAnswer: Decodable {
    package var access: String
    package var refresh: String?
    package var lifeSeconds: Double

    package init(from decoder: any Decoder) throws {
        let fields = try CloudFields(decoder)
        guard let access = fields.text("access_token"), access.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "no token"))
        }
        self.access = access
        refresh = fields.text("refresh_token")
        let life = fields.number("expires_in")
        lifeSeconds =
            life.flatMap { CloudLimits.tokenLivesSeconds.contains($0) ? $0 : nil } ?? CloudLimits.tokenLifeSeconds
    }
}
