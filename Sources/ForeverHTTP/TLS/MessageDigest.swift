import COpenSSL

/// SHA-256 and HMAC-SHA-256. **Thread:** any.
public enum MessageDigest {
    /// Bytes of every digest made here.
    public static let byteCount = 32

    /// SHA-256 (FIPS 180-4) of `bytes`.
    public static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: byteCount)
        var length: UInt32 = 0
        let done = EVP_Digest(bytes, bytes.count, &digest, &length, EVP_sha256(), nil)
        precondition(done == 1 && Int(length) == byteCount, "SHA-256 is always there")
        return digest
    }

    /// HMAC (RFC 2104) with SHA-256: proves that whoever made it knows `key`, without showing the key.
    public static func hmacSHA256(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: byteCount)
        var length: UInt32 = 0
        // A null key would mean "the key of before" to OpenSSL; an empty array's address is never null.
        let keyBytes = key.isEmpty ? [0] : key
        let made = HMAC(EVP_sha256(), keyBytes, Int32(key.count), message, message.count, &digest, &length)
        precondition(made != nil && Int(length) == byteCount, "HMAC-SHA-256 is always there")
        return digest
    }

    /// Whether two byte strings are equal, in a time that tells nothing about where they differ. Their lengths are
    /// not secret.
    public static func isEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        a.count == b.count && CRYPTO_memcmp(a, b, a.count) == 0
    }
}
