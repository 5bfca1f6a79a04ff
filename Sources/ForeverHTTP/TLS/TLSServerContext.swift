import COpenSSL
import Glibc

/// A server's certificate and key, and how it speaks TLS: 1.2 and newer, HTTP/1.1, no certificates of clients.
///
/// **Thread:** the loop's.
public final class TLSServerContext: ReloadedFiles {
    public let certificateFile: String
    public let keyFile: String
    private var context: OpaquePointer
    private var stamps: [FileStamp?]

    /// Reads the chain (PEM, the server's own certificate first) and the key.
    ///
    /// **Errors:** what is wrong with the files.
    public init(certificateFile: String, keyFile: String) throws(TLSError) {
        self.certificateFile = certificateFile
        self.keyFile = keyFile
        // Looked at before it is read: a change meanwhile is seen at the next look.
        stamps = FileStamp.all([certificateFile, keyFile])
        context = try Self.load(certificateFile, keyFile)
    }

    deinit { SSL_CTX_free(context) }

    /// The certificate is served to connections from the next one on; those that are there keep theirs.
    public func reloadIfChanged() throws(TLSError) -> Bool {
        let seen = FileStamp.all([certificateFile, keyFile])
        guard seen != stamps else { return false }
        stamps = seen
        let fresh = try Self.load(certificateFile, keyFile)
        SSL_CTX_free(context)  // connections hold it for as long as they live
        context = fresh
        return true
    }

    public var fileNames: String { certificateFile == keyFile ? certificateFile : "\(certificateFile), \(keyFile)" }

    /// A new connection's end over `fd`, which stays the caller's when there is no memory for it.
    func connection(fd: Int32) -> TLSConnection? {
        TLSConnection(fd: fd, context: context, secret: WriteSecret()) {
            SSL_set_accept_state($0)
            return true
        }
    }

    private static func load(_ certificateFile: String, _ keyFile: String) throws(TLSError) -> OpaquePointer {
        ERR_clear_error()
        defer { ERR_clear_error() }
        guard let context = SSL_CTX_new(TLS_server_method()) else { throw .other(TLSError.text(ERR_peek_error())) }
        do throws(TLSError) {
            try TLSSettings.apply(to: context)
            WriteSecret.listen(to: context)
            try read(certificateFile, keyFile, into: context)
            return context
        } catch {
            SSL_CTX_free(context)
            throw error
        }
    }

    private static func read(
        _ certificateFile: String, _ keyFile: String, into context: OpaquePointer
    ) throws(TLSError) {
        for file in [certificateFile, keyFile] where access(file, R_OK) != 0 {
            throw .cannotRead(file: file, reason: String(cString: strerror(errno)))
        }
        guard SSL_CTX_use_certificate_chain_file(context, certificateFile) == 1 else {
            let code = ERR_peek_error()
            if ERR_GET_REASON(code) == PEM_R_NO_START_LINE { throw .noCertificate(file: certificateFile) }
            throw .other("\(certificateFile): \(TLSError.text(code))")
        }
        var isLocked = false
        guard readKey(keyFile, into: context, isLocked: &isLocked) else {
            if isLocked { throw .lockedKey(file: keyFile) }
            switch ERR_GET_REASON(ERR_peek_error()) {
            case X509_R_KEY_VALUES_MISMATCH, X509_R_KEY_TYPE_MISMATCH:
                throw .foreignKey(certificateFile: certificateFile, keyFile: keyFile)
            default: throw .noKey(file: keyFile)
            }
        }
        guard SSL_CTX_check_private_key(context) == 1 else {
            throw .foreignKey(certificateFile: certificateFile, keyFile: keyFile)
        }
    }

    /// False when there is no key in the file; whether a password was asked for, which nobody at a server's terminal types.
    private static func readKey(_ file: String, into context: OpaquePointer, isLocked: inout Bool) -> Bool {
        withUnsafeMutablePointer(to: &isLocked) { asked in
            SSL_CTX_set_default_passwd_cb(context) { _, _, _, asked in
                asked?.assumingMemoryBound(to: Bool.self).pointee = true
                return 0
            }
            SSL_CTX_set_default_passwd_cb_userdata(context, asked)
            defer { SSL_CTX_set_default_passwd_cb_userdata(context, nil) }
            return SSL_CTX_use_PrivateKey_file(context, file, SSL_FILETYPE_PEM) == 1
        }
    }
}
