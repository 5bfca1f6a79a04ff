import COpenSSL
import ForeverHTTP
import ForeverTLS
import ForeverTestKit
import Glibc
import Testing

/// Records that are made without OpenSSL's connection, read by OpenSSL.
@Suite struct SealedChannelTests {
    private let authority: TestAuthority
    private let context: TLSServerContext

    init() throws {
        authority = try TestAuthority()
        let certificate = try authority.certificate()
        context = try TLSServerContext(certificateFile: certificate.file, keyFile: certificate.keyFile)
    }

    /// OpenSSL's own client, which believes anybody.
    private final class Reader {
        let ssl: OpaquePointer
        private let context: OpaquePointer
        private let fd: Int32

        init(_ fd: Int32, cipher: String?, newest: Int32 = TLS1_3_VERSION) {
            context = SSL_CTX_new(TLS_client_method())
            if let cipher { precondition(SSL_CTX_set_ciphersuites(context, cipher) == 1) }
            ssl = SSL_new(context)
            precondition(SSL_ctrl(ssl, SSL_CTRL_SET_MAX_PROTO_VERSION, Int(newest), nil) == 1)
            SSL_set_fd(ssl, fd)
            SSL_set_connect_state(ssl)
            self.fd = fd
        }

        deinit {
            SSL_free(ssl)
            SSL_CTX_free(context)
            close(fd)
        }

        /// Whether both have said hello, after another try.
        var isReady: Bool { SSL_do_handshake(ssl) == 1 }

        func write(_ byte: UInt8) -> Bool { withUnsafeBytes(of: byte) { SSL_write(ssl, $0.baseAddress, 1) == 1 } }

        /// What has come.
        func read() -> [UInt8] {
            var all: [UInt8] = []
            var piece = [UInt8](repeating: 0, count: 20_000)
            while case let count = SSL_read(ssl, &piece, Int32(piece.count)), count > 0 { all += piece[..<Int(count)] }
            return all
        }

        var hasHeardGoodbye: Bool { SSL_get_shutdown(ssl) & SSL_RECEIVED_SHUTDOWN != 0 }
    }

    /// A server and a client that have said hello, after two replies on the same connection.
    private func pair(cipher: String? = nil, newest: Int32 = TLS1_3_VERSION) -> (TLSTransport, Reader) {
        let (near, far) = ProtectedPair.sockets()
        let server = TLSTransport(fd: near, context: context)
        let reader = Reader(far, cipher: cipher, newest: newest)
        var hello: [UInt8] = []
        for _ in 0..<10 where hello.isEmpty {
            if reader.isReady { #expect(reader.write(1)) }
            hello = ProtectedPair.read(server).bytes
        }
        #expect(hello == [1])
        for reply in [[7, 8, 9], [10]] as [[UInt8]] {
            #expect(ProtectedPair.write(server, reply) == .moved(reply.count))
            #expect(reader.read() == reply)
        }
        return (server, reader)
    }

    private func kind(_ channel: any RecordChannel) -> String { String(describing: type(of: channel)) }

    private func send(_ bytes: [UInt8], _ channel: any RecordChannel) -> RecordResult {
        bytes.withUnsafeBytes { channel.send($0) }
    }

    @Test(arguments: ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"])
    func isUnderstoodWithEveryCipher(cipher: String) throws {
        let (server, reader) = pair(cipher: cipher)
        let channel = try #require(server.releaseChannel())
        #expect(kind(channel) == "SealedChannel")
        // More than 256 records: the number's second byte counts too.
        for number in 0..<600 {
            let count = number == 300 ? RecordLimits.bytesMax : 1 + number % 97
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ number) }
            let wire = channel.wireBytes
            #expect(send(bytes, channel) == .sent)
            #expect(channel.wireBytes - wire == Int64(count + 22))
            #expect(reader.read() == bytes)
        }
        #expect(!reader.hasHeardGoodbye)
        channel.close()
        #expect(reader.read().isEmpty && reader.hasHeardGoodbye)
    }

    /// Two channels of one thread share a cipher: each has its own key, whoever sends before.
    @Test func channelsOfOneThreadDoNotMix() throws {
        let pairs = ["TLS_AES_128_GCM_SHA256", "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"].map {
            pair(cipher: $0)
        }
        let channels = try pairs.map { try #require($0.0.releaseChannel()) }
        for number in 0..<30 {
            let bytes = [UInt8](repeating: UInt8(number), count: 100 + number)
            #expect(send(bytes, channels[number % 3]) == .sent)
            #expect(pairs[number % 3].1.read() == bytes)
        }
        for channel in channels { channel.close() }
    }

    @Test func anOlderProtocolStaysInOpenSSLsHands() throws {
        let (server, reader) = pair(newest: TLS1_2_VERSION)
        let channel = try #require(server.releaseChannel())
        #expect(kind(channel) == "TLSChannel")
        #expect(send([1, 2, 3], channel) == .sent)
        #expect(reader.read() == [1, 2, 3])
        channel.close()
        #expect(reader.read().isEmpty && reader.hasHeardGoodbye)
    }

    @Test func renewedKeysStayInOpenSSLsHands() throws {
        let (server, reader) = pair()
        #expect(SSL_key_update(reader.ssl, SSL_KEY_UPDATE_REQUESTED) == 1)
        #expect(reader.write(5))
        #expect(ProtectedPair.read(server).bytes == [5])
        #expect(ProtectedPair.write(server, [6]) == .moved(1))
        #expect(reader.read() == [6])
        let channel = try #require(server.releaseChannel())
        #expect(kind(channel) == "TLSChannel")
        #expect(send([1, 2, 3], channel) == .sent)
        #expect(reader.read() == [1, 2, 3])
        channel.close()
    }
}
