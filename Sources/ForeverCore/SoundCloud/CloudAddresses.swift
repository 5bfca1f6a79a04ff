import Foundation

/// Where SoundCloud is, and which addresses are believed to be SoundCloud's.
///
/// The token goes to the API and the token host only; sound and pictures come from the known hosts only. Both base
/// addresses can be others for a test against a fake: its media may then be at any port of the same host.
public struct CloudAddresses: Hashable, Sendable {
    public let apiBase: URL
    public let tokenURL: URL

    public static let standard = CloudAddresses()

    private init() {
        apiBase = URL(string: "https://api.soundcloud.com")!
        tokenURL = URL(string: "https://secure.soundcloud.com/oauth/token")!
    }

    /// **Errors:** an address that is none, or unprotected over the net: the secret would be read by others.
    package init(apiBase: String?, tokenURL: String?) throws(CloudSettingsError) {
        self.apiBase = try CloudAddresses.checked(apiBase, "apiBase") ?? CloudAddresses.standard.apiBase
        self.tokenURL = try CloudAddresses.checked(tokenURL, "tokenURL") ?? CloudAddresses.standard.tokenURL
    }

    private static func checked(_ text: String?, _ name: String) throws(CloudSettingsError) -> URL? {
        guard let text else { return nil }
        guard let url = URL(string: text), let host = url.host, !host.isEmpty, url.user == nil,
            ["http", "https"].contains(url.scheme), url.query == nil
        else { throw .wrong(name, "must be an address, http(s)://…") }
        guard url.scheme == "https" || loopback.contains(host) else {
            throw .wrong(name, "must begin with https:// (http only on this machine)")
        }
        return url
    }

    private static let loopback: Set = ["127.0.0.1", "localhost", "::1", "[::1]"]

    /// Hosts of sound and pictures.
    private static let mediaHosts = ["sndcdn.com", "soundcloud.cloud"]

    /// Whether the token may go there.
    package func isAPI(_ url: URL) -> Bool { CloudAddresses.hasSameOrigin(url, apiBase) }

    /// Whether sound or a picture may come from there.
    package func isMedia(_ url: URL) -> Bool {
        guard url.user == nil, let host = url.host?.lowercased() else { return false }
        if apiBase != CloudAddresses.standard.apiBase { return url.scheme == apiBase.scheme && host == apiBase.host }
        guard url.scheme == "https", url.port == nil || url.port == 443 else { return false }
        return CloudAddresses.mediaHosts.contains { host == $0 || host.hasSuffix("." + $0) }
    }

    private static func hasSameOrigin(_ url: URL, _ other: URL) -> Bool {
        func port(_ url: URL) -> Int? { url.port ?? (url.scheme == "https" ? 443 : url.scheme == "http" ? 80 : nil) }
        return url.user == nil && url.scheme == other.scheme && url.host?.lowercased() == other.host?.lowercased()
            && port(url) == port(other)
    }

    /// An address below the API's base. The path is made of our own words and of URNs, the values are encoded.
    func api(_ path: String, _ query: [(String, String)] = []) -> URL {
        var text = apiBase.absoluteString
        while text.hasSuffix("/") { text.removeLast() }
        text += path
        if !query.isEmpty { text += "?" + CloudAddresses.form(query) }
        return URL(string: text)!
    }

    /// `name=value&name=value`, everything but letters, digits and `-._~` encoded, brackets too.
    static func form(_ fields: [(String, String)]) -> String {
        fields.map { "\(encoded($0.0))=\(encoded($0.1))" }.joined(separator: "&")
    }

    private static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// When a signed address ends, where it says so. **Units:** s since 1970.
    package static func expiry(of url: URL) -> Double? {
        let items = URLComponents(url: url, resolvingAgainstBaseURL: false)?.queryItems ?? []
        return items.first { $0.name.lowercased() == "expires" }?.value.flatMap { Double($0) }
    }
}
