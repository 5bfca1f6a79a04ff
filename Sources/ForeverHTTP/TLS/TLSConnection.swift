import COpenSSL
import ForeverHTTP
import Glibc

/// One connection in OpenSSL's hands: its object, its socket, and what it last said.
///
/// Every call leaves this thread's error queue empty, so that no connection's failure is taken for another's.
/// **Thread:** one at a time.
final class TLSConnection {
    private let ssl: OpaquePointer
    private let end: UnsafeMutablePointer<SocketEnd>
    /// of a server's connection
    private let secret: WriteSecret?
    /// Nothing can be read any more, or written; with the errno to tell.
    private var readFailure: Int32?
    private var writeFailure: Int32?
    private(set) var trouble: TLSError?
    /// bytes of the record that the kernel has not all taken
    private(set) var pendingBytes = 0

    /// Nil when memory is short: `fd` is the caller's then, else it is closed here.
    ///
    /// - secret: learns the keys of what is written, in a context that lets it listen
    init?(fd: Int32, context: OpaquePointer, secret: WriteSecret? = nil, prepare: (OpaquePointer) -> Bool) {
        ERR_clear_error()
        defer { ERR_clear_error() }
        let end = UnsafeMutablePointer<SocketEnd>.allocate(capacity: 1)
        end.initialize(to: SocketEnd(fd: fd))
        guard let ssl = SSL_new(context) else {
            end.deallocate()
            return nil
        }
        guard let bio = SocketBIO.make(end) else {
            SSL_free(ssl)
            end.deallocate()
            return nil
        }
        SSL_set_bio(ssl, bio, bio)
        guard prepare(ssl), secret?.bind(to: ssl) ?? true else {
            SSL_free(ssl)
            end.deallocate()
            return nil
        }
        self.ssl = ssl
        self.end = end
        self.secret = secret
    }

    deinit {
        close()
        SSL_free(ssl)
        end.deallocate()
    }

    var fd: Int32 { end.pointee.fd }
    var sentBytes: Int64 { end.pointee.sentBytes }
    var isReady: Bool { SSL_is_init_finished(ssl) == 1 }

    /// A kernel that is short of memory is waited for from now on.
    func becomePatient() { end.pointee.isPatient = true }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> TransportResult {
        if let readFailure { return .failed(readFailure) }
        ERR_clear_error()
        end.pointee.code = 0
        let count = SSL_read(ssl, buffer.baseAddress, Int32(clamping: buffer.count))
        if count > 0 { return .moved(Int(count)) }
        let result = outcome(count)
        if case .failed(let code) = result { readFailure = code }
        return result
    }

    /// Makes one record of the bytes, or goes on with the one that is pending, which is made of the first of them.
    func write(_ bytes: UnsafeRawBufferPointer) -> TransportResult {
        if let writeFailure { return .failed(writeFailure) }
        ERR_clear_error()
        end.pointee.code = 0
        // OpenSSL wants to see as many bytes as the pending record has, and does not look at them.
        let count = pendingBytes > 0 ? pendingBytes : min(bytes.count, RecordLimits.bytesMax)
        let written = SSL_write(ssl, bytes.baseAddress, Int32(count))
        if written > 0 {
            pendingBytes = 0
            return .moved(Int(written))
        }
        let result = outcome(written)
        switch result {
        case .waitWritable: if isReady { pendingBytes = count }
        case .failed(let code): writeFailure = code
        default: break
        }
        return result
    }

    private func outcome(_ result: Int32) -> TransportResult {
        switch SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ: return .waitReadable
        case SSL_ERROR_WANT_WRITE: return .waitWritable
        case SSL_ERROR_ZERO_RETURN: return .ended
        case SSL_ERROR_SYSCALL where ERR_peek_error() == 0:
            if end.pointee.code == 0 { trouble = trouble ?? .cut }
            return .failed(end.pointee.code == 0 ? ECONNRESET : end.pointee.code)
        default:
            // After this OpenSSL wants no more calls for either direction.
            trouble = trouble ?? TLSError(ssl)
            ERR_clear_error()
            readFailure = EPROTO
            writeFailure = EPROTO
            return .failed(EPROTO)
        }
    }

    /// Goes on without OpenSSL, for sending alone; nil where that cannot be: before TLS 1.3, while a record is pending, or when
    /// the keys were renewed. The connection is of no use any more then.
    func sealedChannel() -> SealedChannel? {
        guard let secret, !secret.isOutdated, pendingBytes == 0, isReady, fd >= 0, readFailure == nil,
            writeFailure == nil,
            SSL_version(ssl) == TLS1_3_VERSION, let cipher = SSL_get_current_cipher(ssl),
            let seal = RecordSeal(
                secret: secret.bytes, records: secret.records, cipher: SSL_CIPHER_get_protocol_id(cipher))
        else { return nil }
        defer { end.pointee.fd = -1 }
        secret.wipe()
        return SealedChannel(fd: fd, wireBytes: sentBytes, seal)
    }

    /// Says that nothing more comes, if the kernel takes it at once.
    func sayGoodbye() {
        guard writeFailure == nil, readFailure == nil, pendingBytes == 0, fd >= 0, isReady else { return }
        ERR_clear_error()
        _ = SSL_shutdown(ssl)
        ERR_clear_error()
    }

    func shutDownWriting() { _ = shutdown(fd, Int32(SHUT_WR)) }

    func close() {
        guard fd >= 0 else { return }
        _ = Glibc.close(fd)
        end.pointee.fd = -1
    }
}
