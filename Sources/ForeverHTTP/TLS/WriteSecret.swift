import COpenSSL

/// What OpenSSL tells of one connection's writing: the secret behind its keys, and how many records were made with them.
///
/// With it somebody else can go on making records where OpenSSL stops (`RecordSeal`). Only TLS 1.3 has such a secret
/// (RFC 8446 section 7.1). **Thread:** the connection's.
final class WriteSecret {
    private(set) var bytes: [UInt8] = []
    /// records written with these keys
    private(set) var records: UInt64 = 0
    /// the keys were renewed, and this is the secret of before
    private(set) var isOutdated = false

    private static let label = "SERVER_TRAFFIC_SECRET_0 "
    /// The content type by which OpenSSL tells of a record's header; no type of RFC 8446.
    private static let headerType = SSL3_RT_HEADER

    deinit { wipe() }

    /// It is not needed any more.
    func wipe() {
        bytes.withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) }
        bytes = []
    }

    /// Lets the connections of a server's context tell, each the one that was bound to it.
    static func listen(to context: OpaquePointer) {
        SSL_CTX_set_keylog_callback(context) { ssl, line in
            guard let ssl, let line, let secret = WriteSecret.bound(to: ssl) else { return }
            secret.take(line)
        }
        SSL_CTX_set_msg_callback(context) { isWritten, _, type, bytes, count, ssl, _ in
            guard isWritten == 1, let ssl, let secret = WriteSecret.bound(to: ssl) else { return }
            secret.wrote(type, count > 0 ? bytes?.load(as: UInt8.self) : nil)
        }
    }

    /// Binds it to a connection, which it must outlive.
    func bind(to ssl: OpaquePointer) -> Bool { SSL_set_ex_data(ssl, 0, Unmanaged.passUnretained(self).toOpaque()) == 1 }

    private static func bound(to ssl: OpaquePointer) -> WriteSecret? {
        SSL_get_ex_data(ssl, 0).map { Unmanaged<WriteSecret>.fromOpaque($0).takeUnretainedValue() }
    }

    /// One line of the key log: the label, the client's random number, the secret, in hexadecimal digits.
    private func take(_ line: UnsafePointer<CChar>) {
        let text = String(cString: line)
        guard text.hasPrefix(Self.label), let digits = text.split(separator: " ").last else { return }
        bytes = Hexadecimal.bytes(String(digits)) ?? []
    }

    /// The keys come into use after the handshake's last message of ours.
    private func wrote(_ type: Int32, _ first: UInt8?) {
        switch (type, first.map(Int32.init)) {
        case (Self.headerType, _): records += 1
        case (SSL3_RT_HANDSHAKE, SSL3_MT_FINISHED): records = 0
        case (SSL3_RT_HANDSHAKE, SSL3_MT_KEY_UPDATE): isOutdated = true
        default: break
        }
    }
}
