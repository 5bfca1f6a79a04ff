import COpenSSL

/// How both sides speak TLS.
package enum TLSSettings {
    /// What a client offers to speak inside: HTTP/1.1, in the wire form of RFC 7301 section 3.1.
    static let clientProtocols: [UInt8] = wire("http/1.1")
    private static let spoken = ["http/1.1", "http/1.0"]

    private static func wire(_ name: String) -> [UInt8] { [UInt8(name.utf8.count)] + name.utf8 }

    /// TLS 1.2 and newer, forward secrecy and authenticated ciphers only, buffers held only while something is in them.
    static func apply(to context: OpaquePointer) throws(TLSError) {
        let ciphers = Self.ciphers(isAESFast: isAESFast)
        guard copenssl_set_minimum_version(context, TLS1_2_VERSION) == 1,
            SSL_CTX_set_ciphersuites(context, ciphers.of13) == 1, SSL_CTX_set_cipher_list(context, ciphers.of12) == 1
        else { throw .other(TLSError.text(ERR_peek_error())) }
        copenssl_set_options(context, copenssl_server_options)
        let modes = SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS
        _ = copenssl_set_mode(context, Int(modes))
        // Sessions are taken up again by tickets, which the client keeps: nothing is kept here for who may never come back.
        _ = copenssl_set_cache_mode(context, Int(SSL_SESS_CACHE_OFF))
        SSL_CTX_set_num_tickets(context, 1)
        SSL_CTX_set_alpn_select_cb(
            context, { _, chosen, length, offer, count, _ in TLSSettings.choose(chosen, length, offer, count) }, nil)
    }

    /// The first offered protocol that is spoken here; without one the handshake ends (RFC 7301 section 3.2).
    private static func choose(
        _ chosen: UnsafeMutablePointer<UnsafePointer<UInt8>?>?, _ length: UnsafeMutablePointer<UInt8>?,
        _ offer: UnsafePointer<UInt8>?, _ count: UInt32
    ) -> Int32 {
        let list = UnsafeBufferPointer(start: offer, count: Int(count))
        var index = 0
        while index < list.count {
            let size = Int(list[index])
            let name = index + 1
            guard size > 0, name + size <= list.count else { break }
            if spoken.contains(where: { $0.utf8.elementsEqual(list[name..<(name + size)]) }) {
                chosen?.pointee = offer.map { $0 + name }
                length?.pointee = UInt8(size)
                return SSL_TLSEXT_ERR_OK
            }
            index = name + size
        }
        return SSL_TLSEXT_ERR_ALERT_FATAL
    }

    /// The ciphers of TLS 1.3 and 1.2 in the server's order: AES with 128 bits first where the processor has AES, else ChaCha20.
    static func ciphers(isAESFast: Bool) -> (of13: String, of12: String) {
        let chacha = "TLS_CHACHA20_POLY1305_SHA256"
        let aes = "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384"
        return isAESFast
            ? ("\(aes):\(chacha)", "ECDHE+AESGCM+AES128:ECDHE+AESGCM:ECDHE+CHACHA20")
            : ("\(chacha):\(aes)", "ECDHE+CHACHA20:ECDHE+AESGCM+AES128:ECDHE+AESGCM")
    }

    /// Whether the processor has instructions for AES, as OpenSSL found when it was loaded.
    static let isAESFast: Bool = {
        guard let settings = OPENSSL_info(OPENSSL_INFO_CPU_SETTINGS) else { return false }
        return isAESFast(processor: String(cString: settings))
    }()

    /// Reads `OPENSSL_ia32cap=0x…:0x…` (bit 57, AES-NI) or `OPENSSL_armcap=0x…` (bit 2).
    package static func isAESFast(processor settings: String) -> Bool {
        guard let equals = settings.firstIndex(of: "=") else { return false }
        let digits = settings[settings.index(after: equals)...].dropFirst(2).prefix { $0.isHexDigit }
        guard let bits = UInt64(digits, radix: 16) else { return false }
        return settings.hasPrefix("OPENSSL_ia32cap") ? bits >> 57 & 1 == 1 : bits >> 2 & 1 == 1
    }
}
