import COpenSSL
import ForeverHTTP

/// The keys with which one side of a TLS 1.3 connection makes its records, and the number of the next (RFC 8446 section 5).
///
/// A hundred bytes in place of the 24 kB that an OpenSSL connection holds: the cipher itself is the thread's
/// (`RecordCipher`), and is given these keys anew for each record. **Cost:** no allocation.
struct RecordSeal {
    /// Records that one key may protect (RFC 8446 section 5.5, for AES-GCM, rounded down).
    static let recordsMax: UInt64 = 1 << 24
    static let nonceBytes = 12

    let cipher: RecordCipher.Kind
    private var key: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    /// the nonce of record 0, into whose last eight bytes the record's number is counted
    private var nonce: (UInt32, UInt32, UInt32) = (0, 0, 0)
    private(set) var records: UInt64

    /// The keys that follow from a secret (RFC 8446 section 7.3); nil when the cipher is none that is known here.
    init?(secret: [UInt8], records: UInt64, cipher number: UInt16) {
        guard let cipher = RecordCipher.Kind(rawValue: number), !secret.isEmpty, records < Self.recordsMax else {
            return nil
        }
        self.cipher = cipher
        self.records = records
        var key = Self.expanded(secret, "key", cipher.keyBytes, cipher.digest)
        let nonce = Self.expanded(secret, "iv", Self.nonceBytes, cipher.digest)
        guard key.count == cipher.keyBytes, nonce.count == Self.nonceBytes else { return nil }
        withUnsafeMutableBytes(of: &self.key) { $0.copyBytes(from: key) }
        withUnsafeMutableBytes(of: &self.nonce) { $0.copyBytes(from: nonce) }
        key.withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) }
    }

    /// Forgets the key.
    mutating func wipe() { withUnsafeMutableBytes(of: &key) { OPENSSL_cleanse($0.baseAddress, $0.count) } }

    /// Makes the next record, as it travels; it stands in the thread's buffer until the next one is made. Nil when the key
    /// has protected as much as it may, or the cipher fails.
    mutating func seal(_ bytes: UnsafeRawBufferPointer, _ type: RecordCipher.ContentType) -> UnsafeRawBufferPointer? {
        guard records < Self.recordsMax else { return nil }
        // In the network's byte order.
        var nonce = nonce
        nonce.1 ^= UInt32(truncatingIfNeeded: records >> 32).bigEndian
        nonce.2 ^= UInt32(truncatingIfNeeded: records).bigEndian
        records += 1
        return withUnsafeBytes(of: &key) { key in
            withUnsafeBytes(of: &nonce) { nonce in
                RecordCipher.ofThisThread.seal(bytes, type, cipher, key: key, nonce: nonce)
            }
        }
    }

    /// HKDF-Expand-Label (RFC 8446 section 7.1) with an empty context, for no more than one digest's bytes.
    private static func expanded(_ secret: [UInt8], _ label: String, _ count: Int, _ digest: OpaquePointer?) -> [UInt8]
    {
        let name = Array("tls13 \(label)".utf8)
        let info = [UInt8(count >> 8), UInt8(count & 255), UInt8(name.count)] + name + [0, 1]
        var made = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        guard HMAC(digest, secret, Int32(secret.count), info, info.count, &made, &length) != nil, length >= count else {
            return []
        }
        defer { made.withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) } }
        return Array(made[..<count])
    }
}
