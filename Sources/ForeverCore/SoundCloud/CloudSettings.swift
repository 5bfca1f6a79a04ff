import Foundation

/// What the operator says about SoundCloud, in a file or in the environment.
///
/// **Shape:** `{"clientID","clientSecret","acceptTerms":true,"from":[…]}` and what may be missing: `"apiBase"`,
/// `"tokenURL"`, `"tokenStyle":"basic"|"form"`, `"redirectURI"`, `"commercial":false`, `"beyondLicences":false`,
/// `"minimumSeconds"`, `"maximumSeconds"`, `"searchDays":30`, `"keepData":false`.
public struct CloudSettings: Hashable, Sendable {
    public var clientID: String
    /// Never shown, never logged.
    var clientSecret: String
    public var hasAcceptedTerms: Bool
    public var addresses: CloudAddresses
    public var sources: [CloudSource]
    public var terms: CloudTerms
    /// How the client says who it is when it asks for a token.
    var tokenStyle: TokenStyle
    /// Sent with a refresh where SoundCloud insists on it.
    var redirectURI: String?
    /// How far back searches go. **Units:** days.
    public var searchDays: Double
    /// Analyses and names stay in the catalogue after the play. Off, because they come from content that may not be
    /// kept: what is written about a track ends with its use, and is made again when it plays again.
    public var keepsData: Bool

    enum TokenStyle: String, Codable, Sendable {
        /// `Authorization: Basic`, as the guide says.
        case basic
        /// Id and secret in the form, as it was for a few days in 2026.
        case form
    }

    /// Names of the environment that stand for fields of the file and weigh more.
    public static let clientIDVariable = "FOREVER_SOUNDCLOUD_CLIENT_ID"
    public static let clientSecretVariable = "FOREVER_SOUNDCLOUD_CLIENT_SECRET"
    public static let acceptTermsVariable = "FOREVER_SOUNDCLOUD_ACCEPT_TERMS"
    public static let fromVariable = "FOREVER_SOUNDCLOUD_FROM"

    private struct File: Decodable {
        var clientID: String?
        var clientSecret: String?
        var acceptTerms: Bool?
        var apiBase: String?
        var tokenURL: String?
        var tokenStyle: String?
        var redirectURI: String?
        var from: [String]?
        var commercial: Bool?
        var beyondLicences: Bool?
        var minimumSeconds: Double?
        var maximumSeconds: Double?
        var searchDays: Double?
        var keepData: Bool?
    }

    private static let names: Set = [
        "clientID", "clientSecret", "acceptTerms", "apiBase", "tokenURL", "tokenStyle", "redirectURI", "from",
        "commercial", "beyondLicences", "minimumSeconds", "maximumSeconds", "searchDays", "keepData",
    ]

    /// - Parameters:
    ///   - file: the SoundCloud file; nil where the environment says everything
    ///   - environment: the variables named above
    /// **Errors:** what is missing or wrong, in words an operator understands. Terms that are not accepted are no
    /// error here: `hasAcceptedTerms` says it, and the notice is to be shown.
    public init(file: [UInt8]?, environment: [String: String]) throws(CloudSettingsError) {
        let given = try file.map { bytes throws(CloudSettingsError) in try CloudSettings.read(bytes) } ?? File()
        func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        guard let clientID = variable(CloudSettings.clientIDVariable) ?? given.clientID, !clientID.isEmpty else {
            throw .missing("clientID", CloudSettings.clientIDVariable)
        }
        guard let secret = variable(CloudSettings.clientSecretVariable) ?? given.clientSecret, !secret.isEmpty else {
            throw .missing("clientSecret", CloudSettings.clientSecretVariable)
        }
        self.clientID = clientID
        clientSecret = secret
        hasAcceptedTerms =
            variable(CloudSettings.acceptTermsVariable).map { $0 == "true" } ?? given.acceptTerms ?? false
        addresses = try CloudAddresses(apiBase: given.apiBase, tokenURL: given.tokenURL)
        let from =
            variable(CloudSettings.fromVariable)?.split(whereSeparator: \.isNewline).map(String.init) ?? given.from
            ?? []
        guard !from.isEmpty else { throw .missing("from", CloudSettings.fromVariable) }
        guard from.count <= CloudLimits.sourcesMax else {
            throw .wrong("from", "may name \(CloudLimits.sourcesMax) sources at most")
        }
        var sources: [CloudSource] = []
        for text in from {
            let source = try CloudSource(text)
            if !sources.contains(source) { sources.append(source) }
        }
        self.sources = sources
        guard let style = TokenStyle(rawValue: given.tokenStyle ?? "basic") else {
            throw .wrong("tokenStyle", "must be \"basic\" or \"form\"")
        }
        tokenStyle = style
        redirectURI = given.redirectURI
        let shortest = given.minimumSeconds ?? CloudTerms.standardLengthSeconds.lowerBound
        let longest = given.maximumSeconds ?? CloudTerms.standardLengthSeconds.upperBound
        let lengths = CloudLimits.lengthsSeconds
        guard lengths.contains(shortest), lengths.contains(longest), shortest <= longest else {
            throw .wrong("minimumSeconds", "and \"maximumSeconds\" must lie between 20 and 3600, in this order")
        }
        terms = CloudTerms(
            isCommercial: given.commercial ?? false, beyondLicences: given.beyondLicences ?? false,
            lengthSeconds: shortest...longest)
        searchDays = given.searchDays ?? 30
        guard CloudLimits.searchDays.contains(searchDays) else {
            throw .wrong("searchDays", "must lie between 1 and 3650")
        }
        keepsData = given.keepData ?? false
    }

    private static func read(_ bytes: [UInt8]) throws(CloudSettingsError) -> File {
        guard let object = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any] else {
            throw .malformed("it must hold one { … } of JSON")
        }
        if let stranger = object.keys.sorted().first(where: { !names.contains($0) }) {
            throw .malformed("nobody knows \"\(stranger)\"; known are \(names.sorted().joined(separator: ", "))")
        }
        do {
            return try JSONDecoder().decode(File.self, from: Data(bytes))
        } catch let error as DecodingError {
            guard case .typeMismatch(_, let context) = error, let key = context.codingPath.first else {
                throw .malformed("a field is of the wrong kind")
            }
            throw .malformed("\"\(key.stringValue)\" is of the wrong kind")
        } catch {
            throw .malformed("\(error)")
        }
    }
}

extension CloudSettings: CustomStringConvertible {
    /// Without the secret, wherever it may be written.
    public var description: String { "SoundCloud application \(clientID)" }
}

/// Why the SoundCloud file was not taken. Holds no secret.
public enum CloudSettingsError: Error, Hashable, Sendable, CustomStringConvertible {
    case malformed(String)
    /// A field, and the variable that may stand for it.
    case missing(String, String)
    case wrong(String, String)
    case source(String, String)

    public var description: String {
        switch self {
        case .malformed(let why): "not a SoundCloud file: \(why)"
        case .missing(let name, let variable): "\"\(name)\" is missing (or \(variable) in the environment)"
        case .wrong(let name, let why): "\"\(name)\" \(why)"
        case .source(let text, let why): "\"from\": \"\(text)\" \(why)"
        }
    }
}
