import ForeverHTTP

/// What is known of a listener for whom a relay is looked for.
public struct RelayQuestion: Hashable, Sendable {
    /// where it is; nil when that is unknown
    public var client: IPAddress?
    /// ids of the relays that have sent it back
    public var leftOut: [String]
    /// It came by https, and a browser does not go from there to http.
    public var needsProtection: Bool

    public init(client: IPAddress? = nil, leftOut: [String] = [], needsProtection: Bool = false) {
        self.client = client
        self.leftOut = leftOut
        self.needsProtection = needsProtection
    }

    init(_ request: Request, leftOut: [String] = []) {
        self.init(
            client: request.clientAddress.flatMap { IPAddress($0) }, leftOut: leftOut,
            needsProtection: request.effectiveScheme == "https")
    }
}
