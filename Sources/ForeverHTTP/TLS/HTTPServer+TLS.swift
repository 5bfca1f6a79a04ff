import ForeverHTTP

extension HTTPServer {
    /// Listens for protected connections; see `listen(host:port:makeTransport:)`.
    @discardableResult
    public func listen(host: String? = nil, port: UInt16, _ context: TLSServerContext) throws(SystemError) -> UInt16 {
        try listen(host: host, port: port) { TLSTransport(fd: $0, context: context) }
    }
}
