/// The fields that let pages of other sites read our replies. They stand on every reply, errors and redirects too:
/// a page at one server plays the stream of another.
public struct CORSPolicy: Sendable {
    public var allowMethods = "GET, HEAD, OPTIONS"
    /// `Icy-MetaData` is what makes players in pages ask with OPTIONS first.
    public var allowHeaders = "Icy-MetaData, Range"
    public var exposeHeaders =
        "Icy-MetaInt, Icy-Br, Icy-Name, Icy-Genre, Icy-Description, Icy-Url, "
        + "Forever-Epoch, Forever-Position, Forever-Live, Forever-Byte-Rate"
    /// How long a browser may remember the answer to OPTIONS.
    public var preflightSeconds = 86_400

    public init() {}

    func add(to headers: inout HeaderFields, preflight: Bool) {
        if headers.contains("Access-Control-Allow-Origin") { return }
        headers.add("Access-Control-Allow-Origin", "*")
        headers.add("Access-Control-Allow-Methods", allowMethods)
        headers.add("Access-Control-Allow-Headers", allowHeaders)
        headers.add("Access-Control-Expose-Headers", exposeHeaders)
        if preflight { headers.add("Access-Control-Max-Age", String(preflightSeconds)) }
    }
}
