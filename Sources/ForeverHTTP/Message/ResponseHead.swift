/// The head of a reply.
public struct ResponseHead: Hashable, Sendable {
    public var status: Status
    public var version: HTTPVersion
    public var headers: HeaderFields

    public init(status: Status, version: HTTPVersion, headers: HeaderFields) {
        self.status = status
        self.version = version
        self.headers = headers
    }

    /// The head as it goes over the wire, its empty line included.
    package func write(into bytes: inout [UInt8]) {
        bytes.append(contentsOf: version.rawValue.utf8)
        bytes.append(ByteClass.space)
        bytes.append(contentsOf: String(status.code).utf8)
        bytes.append(ByteClass.space)
        bytes.append(contentsOf: status.reason.utf8)
        bytes.append(ByteClass.carriageReturn)
        bytes.append(ByteClass.lineFeed)
        headers.write(into: &bytes)
        bytes.append(ByteClass.carriageReturn)
        bytes.append(ByteClass.lineFeed)
    }
}
