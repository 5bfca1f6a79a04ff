import COpenSSL
import ForeverHTTP
import Glibc

/// A thread's ciphers for TLS 1.3 records, and the buffer in which it makes them. **Cost:** allocates when a thread first
/// uses a cipher.
final class RecordCipher {
    /// By their numbers in RFC 8446 appendix B.4.
    enum Kind: UInt16 {
        case aes128 = 0x1301
        case aes256 = 0x1302
        case chacha20 = 0x1303

        fileprivate var index: Int { Int(rawValue - Kind.aes128.rawValue) }
        var keyBytes: Int { self == .aes128 ? 16 : 32 }
        var digest: OpaquePointer? { self == .aes256 ? EVP_sha384() : EVP_sha256() }
        fileprivate var cipher: OpaquePointer? {
            switch self {
            case .aes128: EVP_aes_128_gcm()
            case .aes256: EVP_aes_256_gcm()
            case .chacha20: EVP_chacha20_poly1305()
            }
        }
    }

    /// What a record holds (RFC 8446 appendix B.1).
    enum ContentType: UInt8 {
        case alert = 21
        case sound = 23
    }

    static let headerBytes = 5
    static let tagBytes = 16
    /// A record as it travels: header, content, its type, tag.
    static let wireBytesMax = headerBytes + RecordLimits.bytesMax + 1 + tagBytes

    private let record = UnsafeMutableRawBufferPointer.allocate(byteCount: wireBytesMax, alignment: 64)
    /// by `Kind.index`
    private var contexts: [OpaquePointer?] = [nil, nil, nil]

    private init() {}

    deinit {
        for context in contexts { EVP_CIPHER_CTX_free(context) }
        record.deallocate()
    }

    /// This thread's.
    static var ofThisThread: RecordCipher {
        if let made = pthread_getspecific(place) {
            return Unmanaged<RecordCipher>.fromOpaque(made).takeUnretainedValue()
        }
        let made = RecordCipher()
        pthread_setspecific(place, Unmanaged.passRetained(made).toOpaque())
        return made
    }

    private static let place: pthread_key_t = {
        var key = pthread_key_t()
        let made = pthread_key_create(&key) { if let own = $0 { Unmanaged<RecordCipher>.fromOpaque(own).release() } }
        precondition(made == 0, "a process has more than a thousand such keys")
        return key
    }()

    private func context(_ kind: Kind) -> OpaquePointer? {
        if let made = contexts[kind.index] { return made }
        guard let made = EVP_CIPHER_CTX_new() else { return nil }
        guard EVP_EncryptInit_ex(made, kind.cipher, nil, nil, nil) == 1 else {
            EVP_CIPHER_CTX_free(made)
            return nil
        }
        contexts[kind.index] = made
        return made
    }

    /// The record, until the next one is made; nil when the cipher fails.
    func seal(
        _ bytes: UnsafeRawBufferPointer, _ type: ContentType, _ kind: Kind, key: UnsafeRawBufferPointer,
        nonce: UnsafeRawBufferPointer
    ) -> UnsafeRawBufferPointer? {
        precondition(!bytes.isEmpty && bytes.count <= RecordLimits.bytesMax)
        guard let context = context(kind) else { return nil }
        let inner = bytes.count + 1 + Self.tagBytes
        // Application data, TLS 1.2 for those who look, the length (RFC 8446 section 5.2).
        record[0] = 23
        record[1] = 3
        record[2] = 3
        record[3] = UInt8(truncatingIfNeeded: inner >> 8)
        record[4] = UInt8(truncatingIfNeeded: inner)
        let start = record.baseAddress!.assumingMemoryBound(to: UInt8.self)
        let out = start + Self.headerBytes
        var last = type.rawValue
        var count: Int32 = 0
        let keyStart = key.baseAddress!.assumingMemoryBound(to: UInt8.self)
        let nonceStart = nonce.baseAddress!.assumingMemoryBound(to: UInt8.self)
        let content = bytes.baseAddress!.assumingMemoryBound(to: UInt8.self)
        guard EVP_EncryptInit_ex(context, nil, nil, keyStart, nonceStart) == 1,
            EVP_EncryptUpdate(context, nil, &count, start, Int32(Self.headerBytes)) == 1,
            EVP_EncryptUpdate(context, out, &count, content, Int32(bytes.count)) == 1,
            EVP_EncryptUpdate(context, out + bytes.count, &count, &last, 1) == 1,
            EVP_EncryptFinal_ex(context, out + bytes.count + 1, &count) == 1,
            EVP_CIPHER_CTX_ctrl(
                context, EVP_CTRL_AEAD_GET_TAG, Int32(Self.tagBytes), out + bytes.count + 1) == 1
        else {
            ERR_clear_error()
            return nil
        }
        return UnsafeRawBufferPointer(rebasing: record[..<(Self.headerBytes + inner)])
    }
}
