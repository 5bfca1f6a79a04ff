import COpenSSL
import Glibc

/// Whom a client believes: the system's authorities, and those of a file of its own. TLS 1.2 and newer, HTTP/1.1.
///
/// **Thread:** the loop's.
public final class TLSClientContext: ReloadedFiles {
    public let authoritiesFile: String?
    private var context: OpaquePointer
    private var stamps: [FileStamp?]

    /// - authoritiesFile: certificates (PEM) that are believed besides the system's; nil for none
    ///
    /// **Errors:** what is wrong with the file.
    public init(authoritiesFile: String? = nil) throws(TLSError) {
        self.authoritiesFile = authoritiesFile
        stamps = FileStamp.all(authoritiesFile.map { [$0] } ?? [])
        context = try Self.load(authoritiesFile)
    }

    deinit { SSL_CTX_free(context) }

    public func reloadIfChanged() throws(TLSError) -> Bool {
        let seen = FileStamp.all(authoritiesFile.map { [$0] } ?? [])
        guard seen != stamps else { return false }
        stamps = seen
        let fresh = try Self.load(authoritiesFile)
        SSL_CTX_free(context)
        context = fresh
        return true
    }

    public var fileNames: String { authoritiesFile ?? "" }

    /// A new connection's end over `fd`, which goes on only with a peer whose certificate is for `host`, a name or a number.
    /// Nil, and `fd` stays the caller's, when there is no memory for it.
    func connection(fd: Int32, host: String) -> TLSConnection? {
        TLSConnection(fd: fd, context: context) { ssl in
            SSL_set_connect_state(ssl)
            let rules = SSL_get0_param(ssl)
            X509_VERIFY_PARAM_set_hostflags(rules, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
            // A number is checked against the certificate's numbers, and is not named to the server (RFC 6066 section 3).
            if X509_VERIFY_PARAM_set1_ip_asc(rules, host) == 1 { return true }
            ERR_clear_error()
            // Without a name to check, a certificate for any host would do.
            return !host.isEmpty && X509_VERIFY_PARAM_set1_host(rules, host, 0) == 1
                && copenssl_set_host_name(ssl, host) == 1
        }
    }

    private static func load(_ authoritiesFile: String?) throws(TLSError) -> OpaquePointer {
        ERR_clear_error()
        defer { ERR_clear_error() }
        guard let context = SSL_CTX_new(TLS_client_method()) else { throw .other(TLSError.text(ERR_peek_error())) }
        do throws(TLSError) {
            try TLSSettings.apply(to: context)
            SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
            guard SSL_CTX_set_default_verify_paths(context) == 1 else {
                throw .other("the system names no authorities")
            }
            let offer = TLSSettings.clientProtocols
            SSL_CTX_set_alpn_protos(context, offer, UInt32(offer.count))
            if let authoritiesFile {
                guard access(authoritiesFile, R_OK) == 0 else {
                    throw .cannotRead(file: authoritiesFile, reason: String(cString: strerror(errno)))
                }
                guard SSL_CTX_load_verify_locations(context, authoritiesFile, nil) == 1 else {
                    throw .noAuthorities(file: authoritiesFile)
                }
            }
            return context
        } catch {
            SSL_CTX_free(context)
            throw error
        }
    }
}
