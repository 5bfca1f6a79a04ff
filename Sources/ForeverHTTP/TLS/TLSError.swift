import COpenSSL
import Glibc

/// Why a connection cannot be protected, or a certificate cannot be used.
public enum TLSError: Error, Hashable, Sendable, CustomStringConvertible {
    // Of files.
    case cannotRead(file: String, reason: String)
    case noCertificate(file: String)
    case noKey(file: String)
    /// The key's file is locked with a password, which nobody is there to type.
    case lockedKey(file: String)
    /// The key belongs to another certificate.
    case foreignKey(certificateFile: String, keyFile: String)
    case noAuthorities(file: String)

    // Of connections.
    /// The certificate does not name the host that was asked for.
    case anotherName
    case expired
    case notYetValid
    case unknownAuthority
    case revoked
    /// What came is no TLS.
    case notTLS
    case noCommonVersion
    case noCommonCipher
    /// The other side ended the connection without saying goodbye, so something may be missing.
    case cut
    /// The other side does not go on, for this reason.
    case refusedByPeer(String)
    /// Anything else, as OpenSSL says it.
    case other(String)

    public var description: String {
        switch self {
        case .cannotRead(let file, let reason): "cannot read \(file): \(reason)"
        case .noCertificate(let file): "\(file) holds no certificate (PEM, the server's own first)"
        case .noKey(let file): "\(file) holds no private key (PEM)"
        case .lockedKey(let file): "the key in \(file) is locked with a password; give one that is not"
        case .foreignKey(let certificate, let key):
            "the key in \(key) does not belong to the certificate in \(certificate)"
        case .noAuthorities(let file): "\(file) holds no certificates of authorities (PEM)"
        case .anotherName: "the certificate is for another name"
        case .expired: "the certificate has expired"
        case .notYetValid: "the certificate is not valid yet; or the clock here is wrong"
        case .unknownAuthority: "the certificate is from an authority that is not known here"
        case .revoked: "the certificate has been revoked"
        case .notTLS: "the other side does not speak TLS"
        case .noCommonVersion: "no version of TLS that both sides speak (1.2 or newer here)"
        case .noCommonCipher: "no cipher that both sides have"
        case .cut: "the protected connection was cut"
        case .refusedByPeer(let reason): "the other side refuses: \(reason)"
        case .other(let text): "TLS: \(text)"
        }
    }

    /// What failed on a connection: the check of the certificate if it was that, else the first entry of this thread's error
    /// queue, which is emptied.
    init(_ ssl: OpaquePointer) {
        let code = ERR_peek_error()
        defer { ERR_clear_error() }
        let reason = Self.reason(code)
        if reason == SSL_R_CERTIFICATE_VERIFY_FAILED, let failure = Self.verification(SSL_get_verify_result(ssl)) {
            self = failure
            return
        }
        self = Self.connection(reason, Self.text(code))
    }

    private static func reason(_ code: UInt) -> Int32 { Int32(truncatingIfNeeded: code & 0x7F_FFFF) }

    private static func verification(_ result: Int) -> TLSError? {
        switch Int32(result) {
        case X509_V_OK: nil
        case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH: .anotherName
        case X509_V_ERR_CERT_HAS_EXPIRED: .expired
        case X509_V_ERR_CERT_NOT_YET_VALID: .notYetValid
        case X509_V_ERR_CERT_REVOKED: .revoked
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
            X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
            X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, X509_V_ERR_CERT_UNTRUSTED:
            .unknownAuthority
        default: .other(String(cString: X509_verify_cert_error_string(result)))
        }
    }

    private static func connection(_ reason: Int32, _ text: String) -> TLSError {
        switch reason {
        case SSL_R_WRONG_VERSION_NUMBER, SSL_R_HTTP_REQUEST, SSL_R_HTTPS_PROXY_REQUEST, SSL_R_UNKNOWN_PROTOCOL,
            SSL_R_UNEXPECTED_MESSAGE, SSL_R_RECORD_LENGTH_MISMATCH, SSL_R_BAD_RECORD_TYPE:
            .notTLS
        case SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_TLSV1_ALERT_PROTOCOL_VERSION, SSL_R_VERSION_TOO_LOW: .noCommonVersion
        case SSL_R_NO_SHARED_CIPHER: .noCommonCipher
        case SSL_R_UNEXPECTED_EOF_WHILE_READING: .cut
        // A reason above this is an alert of the peer's (RFC 8446 section 6.2).
        case SSL_AD_REASON_OFFSET...: .refusedByPeer(text)
        default: .other(text)
        }
    }

    /// OpenSSL's words for an entry of the error queue.
    static func text(_ code: UInt) -> String {
        guard code != 0 else { return "no reason given" }
        return ERR_reason_error_string(code).map { String(cString: $0) } ?? "error \(code)"
    }
}
