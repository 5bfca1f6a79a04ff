import ForeverHTTP

extension HTTPClient {
    /// Lets the client ask https addresses of those whom `context` believes.
    public func speakTLS(_ context: TLSClientContext) {
        protectedSchemes.insert("https")
        makeTransport = { fd, address in
            guard address.scheme == "https" else { return PlainTransport(fd: fd) }
            return TLSTransport(fd: fd, context: context, host: address.host)
        }
    }
}
