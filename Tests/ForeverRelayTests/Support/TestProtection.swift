import ForeverHTTP
import ForeverTLS
import ForeverTestKit

/// A certificate of a test's own, and who believes it.
final class TestProtection {
    let authority: TestAuthority
    let context: TLSServerContext
    let believing: TLSClientContext

    init() throws {
        authority = try TestAuthority()
        let certificate = try authority.certificate()
        context = try TLSServerContext(certificateFile: certificate.file, keyFile: certificate.keyFile)
        believing = try TLSClientContext(authoritiesFile: authority.file)
    }

    /// Makes both ends of a connection acquainted; the far one is only sent on from then on.
    func greet(near: Int32, far: Int32) -> (TLSTransport, any RecordChannel) {
        let client = TLSTransport(fd: near, context: believing, host: "127.0.0.1")
        let server = TLSTransport(fd: far, context: context)
        var byte: [UInt8] = [0]
        var isSent = false
        for _ in 0..<20 {
            if !isSent, case .moved = byte.withUnsafeBytes({ client.write($0) }) { isSent = true }
            if case .moved = byte.withUnsafeMutableBytes({ server.read(into: $0) }) { break }
        }
        return (client, server.releaseChannel()!)
    }
}
