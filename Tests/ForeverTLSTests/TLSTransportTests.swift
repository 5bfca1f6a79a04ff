import COpenSSL
import ForeverHTTP
import ForeverTLS
import ForeverTestKit
import Glibc
import Testing

@Suite struct TLSTransportTests {
    private let authority: TestAuthority
    private let context: TLSServerContext
    private let believing: TLSClientContext

    init() throws {
        authority = try TestAuthority()
        let certificate = try authority.certificate()
        context = try TLSServerContext(certificateFile: certificate.file, keyFile: certificate.keyFile)
        believing = try TLSClientContext(authoritiesFile: authority.file)
    }

    private func pair(host: String = "127.0.0.1", bufferBytes: Int32? = nil) -> ProtectedPair {
        ProtectedPair(context, believing: believing, host: host, bufferBytes: bufferBytes)
    }

    private func contexts(_ made: TestAuthority.Certificate) throws -> TLSServerContext {
        try TLSServerContext(certificateFile: made.file, keyFile: made.keyFile)
    }

    @Test(arguments: ["127.0.0.1", "localhost"]) func carriesBytesBothWays(host: String) {
        let pair = pair(host: host)
        #expect(pair.greet() == (.moved(1), .moved(1)))
        #expect(pair.server.isProtected && pair.server.trouble == nil)
        #expect(ProtectedPair.write(pair.server, Array("welcome".utf8)) == .moved(7))
        #expect(ProtectedPair.read(pair.client).bytes == Array("welcome".utf8))
        #expect(ProtectedPair.read(pair.client).result == .waitReadable)
    }

    @Test func saysWhoseTurnItIsToBeWaitedFor() {
        let pair = pair()
        #expect(ProtectedPair.write(pair.client, [1]) == .waitReadable, "a write waits for the server's hello")
        #expect(ProtectedPair.read(pair.client).result == .waitReadable)
        #expect(ProtectedPair.read(pair.server).result == .waitReadable)
    }

    @Test func aHandshakeMayWaitForRoom() {
        // The server's flight does not fit: its read waits for the socket to be writable.
        let pair = pair(bufferBytes: 1)
        let filler = [UInt8](repeating: 0, count: 65_536)
        while send(pair.server.fd, filler, 512, Int32(MSG_NOSIGNAL)) > 0 {}
        _ = ProtectedPair.write(pair.client, [1])
        #expect(ProtectedPair.read(pair.server).result == .waitWritable)
    }

    @Test func largeBytesCrossASmallKernelBufferWhole() {
        let pair = pair(bufferBytes: 4_096)
        pair.greet()
        let sent = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
        var position = 0
        var received: [UInt8] = []
        var waits = 0
        while received.count < sent.count, waits < 100_000 {
            if position < sent.count {
                switch ProtectedPair.write(pair.server, Array(sent[position...])) {
                case .moved(let count): position += count
                case .waitWritable: waits += 1
                default: Issue.record("the server cannot write")
                }
            }
            received += ProtectedPair.read(pair.client).bytes
        }
        #expect(received == sent)
        #expect(waits > 10, "the buffer was not small")
    }

    @Test func aGoodbyeIsAnEndAndACutIsNone() {
        let goodbye = pair()
        goodbye.greet()
        goodbye.server.finishWriting()
        #expect(ProtectedPair.read(goodbye.client).result == .ended)
        #expect(ProtectedPair.write(goodbye.client, [7]) == .moved(1), "the other direction goes on")
        #expect(ProtectedPair.read(goodbye.server).bytes == [7])

        let cut = pair()
        cut.greet()
        cut.server.close()
        #expect(ProtectedPair.read(cut.client).result == .failed(ECONNRESET))
        #expect(cut.client.trouble == TLSError.cut.description)
    }

    @Test func aCertificateForAnotherNameIsRefused() {
        for host in ["127.0.0.2", "elsewhere.example"] {
            let pair = pair(host: host)
            let outcome = pair.greet()
            #expect(outcome.client == .failed(EPROTO))
            #expect(pair.client.trouble == "the certificate is for another name")
            #expect(outcome.server == .failed(EPROTO))
        }
    }

    @Test func certificatesOfStrangersAndOfOtherTimesAreRefused() throws {
        let stranger = try TestAuthority()
        let cases: [(TestAuthority.Certificate, String)] = [
            (try stranger.certificate(), "the certificate is from an authority that is not known here"),
            (
                try authority.certificate("old", from: "20200101000000Z", to: "20200201000000Z"),
                "the certificate has expired"
            ),
            (
                try authority.certificate("early", from: "20480101000000Z", to: "20490201000000Z"),
                "the certificate is not valid yet; or the clock here is wrong"
            ),
        ]
        for (certificate, words) in cases {
            let pair = ProtectedPair(try contexts(certificate), believing: believing)
            #expect(pair.greet().client == .failed(EPROTO))
            #expect(pair.client.trouble == words)
        }
    }

    @Test func withoutAnOwnFileOnlyTheSystemsAuthoritiesAreBelieved() throws {
        let pair = ProtectedPair(context, believing: try TLSClientContext())
        #expect(pair.greet().client == .failed(EPROTO))
        #expect(pair.client.trouble == TLSError.unknownAuthority.description)
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}", "\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
        "SSH-2.0-OpenSSH_9.2\r\n",
    ]) func rubbishIsRefusedAndSaidSo(rubbish: String) {
        let pair = ProtectedPair(context)
        #expect(ProtectedPair.write(pair.client, Array(rubbish.utf8)) == .moved(rubbish.utf8.count))
        var result = ProtectedPair.read(pair.server).result
        if result == .waitReadable {
            pair.client.finishWriting()
            result = ProtectedPair.read(pair.server).result
        }
        guard case .failed = result else {
            Issue.record("\(rubbish) came to \(result)")
            return
        }
        #expect(pair.server.trouble != nil)
        #expect(ProtectedPair.read(pair.server).result == result, "it stays broken")
    }

    @Test func oneConnectionsErrorIsNotTakenForAnothers() {
        let healthy = pair()
        healthy.greet()
        let broken = ProtectedPair(context)
        _ = ProtectedPair.write(broken.client, Array("GET / HTTP/1.1\r\n\r\n".utf8))
        #expect(ProtectedPair.read(broken.server).result == .failed(EPROTO))
        #expect(ERR_peek_error() == 0, "the error queue is not empty")
        // An error that somebody else left must not be taken for this connection's.
        #expect(BIO_new_file("/there/is/no/such/file", "r") == nil && ERR_peek_error() != 0)
        #expect(ProtectedPair.read(healthy.server).result == .waitReadable)
        #expect(ProtectedPair.write(healthy.server, [9]) == .moved(1))
        #expect(ProtectedPair.read(healthy.client).bytes == [9])
        #expect(ERR_peek_error() == 0)
    }

    @Test func ciphersFollowTheProcessor() {
        #expect(TLSSettings.isAESFast(processor: "OPENSSL_ia32cap=0x7ffaf3bfffebffff:0x18c05fdef3bfa7eb"))
        #expect(!TLSSettings.isAESFast(processor: "OPENSSL_ia32cap=0x78ffffff1fcbfbff:0x0"))
        #expect(TLSSettings.isAESFast(processor: "OPENSSL_armcap=0xfd"))
        #expect(!TLSSettings.isAESFast(processor: "OPENSSL_armcap=0x1"))
        #expect(!TLSSettings.isAESFast(processor: "OPENSSL_s390xcap=none"))
    }

    @Test func aChannelSendsRecordsThatCannotBeUnmade() throws {
        let pair = pair(bufferBytes: 4_096)
        pair.greet()
        #expect(pair.server.releaseFileDescriptor() == nil)
        let channel = try #require(pair.server.releaseChannel())
        #expect(pair.server.fd == -1 && channel.fd >= 0)
        var sent: [UInt8] = []
        var received: [UInt8] = []
        var pendings = 0
        for number in 0..<60 {
            let record = (0..<(1 + number * 271)).map { UInt8(truncatingIfNeeded: $0 &+ number) }
            // Whatever becomes of it, the record's bytes are the peer's.
            sent += record
            let wire = channel.wireBytes
            switch record.withUnsafeBytes({ channel.send($0) }) {
            case .sent: #expect(channel.wireBytes - wire > record.count && channel.pendingBytes == 0)
            case .pending:
                pendings += 1
                #expect(channel.pendingBytes == record.count)
                while channel.flush() == .pending { received += ProtectedPair.read(pair.client).bytes }
            case .broken: Issue.record("the channel broke")
            }
        }
        while case let piece = ProtectedPair.read(pair.client), case .moved = piece.result { received += piece.bytes }
        channel.close()
        #expect(received == sent)
        #expect(pendings > 5)
        #expect(ProtectedPair.read(pair.client).result == .ended, "it said goodbye")
    }

    @Test func aChannelsPeerThatGoesIsNoticed() throws {
        let pair = pair()
        pair.greet()
        let channel = try #require(pair.server.releaseChannel())
        pair.client.close()
        #expect([1, 2, 3].withUnsafeBytes { channel.send($0) } == .broken)
        channel.close()
    }
}
