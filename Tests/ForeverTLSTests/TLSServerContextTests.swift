import ForeverHTTP
import ForeverTLS
import ForeverTestKit
import Foundation
import Testing

@Suite struct TLSServerContextTests {
    private let authority: TestAuthority
    private let folder: TemporaryFolder

    init() throws {
        authority = try TestAuthority()
        folder = try TemporaryFolder()
    }

    private func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

    private func complaint(_ certificate: String, _ key: String) -> TLSError? {
        do throws(TLSError) {
            _ = try TLSServerContext(certificateFile: certificate, keyFile: key)
            return nil
        } catch {
            return error
        }
    }

    @Test func saysWhatIsWrongWithTheFiles() throws {
        let one = try authority.certificate("one")
        let other = try authority.certificate("other")
        let locked = try authority.lockedKey(one)
        let text = try folder.write("no certificate at all\n".utf8, to: "text")
        #expect(complaint(one.file, one.keyFile) == nil)
        #expect(
            complaint(folder("none"), one.keyFile)
                == .cannotRead(file: folder("none"), reason: "No such file or directory"))
        #expect(complaint(text, one.keyFile) == .noCertificate(file: text))
        #expect(complaint(one.file, text) == .noKey(file: text))
        #expect(complaint(one.file, locked) == .lockedKey(file: locked))
        #expect(
            complaint(one.file, other.keyFile) == .foreignKey(certificateFile: one.file, keyFile: other.keyFile))
    }

    @Test func keyAndCertificateMayBeInOneFile() throws {
        let one = try authority.certificate("one")
        let both = try folder.write(try bytes(one.file) + bytes(one.keyFile), to: "both.pem")
        #expect(complaint(both, both) == nil)
    }

    /// The first name in the certificate that a new connection is shown.
    private func served(_ context: TLSServerContext, _ names: [String]) throws -> String? {
        let believing = try TLSClientContext(authoritiesFile: authority.file)
        return names.first { name in
            ProtectedPair(context, believing: believing, host: name).greet().client == .moved(1)
        }
    }

    @Test func aNewCertificateIsServedToTheNextConnectionAndABrokenOneIsNot() throws {
        let names = ["one.example", "two.example"]
        let one = try authority.certificate("one", for: "DNS:one.example")
        let two = try authority.certificate("two", for: "DNS:two.example")
        let certificate = try folder.write(try bytes(one.file), to: "cert.pem")
        let key = try folder.write(try bytes(one.keyFile), to: "key.pem")
        let context = try TLSServerContext(certificateFile: certificate, keyFile: key)
        #expect(try served(context, names) == "one.example")
        #expect(try !context.reloadIfChanged(), "nothing has changed")

        let early = ProtectedPair(
            context, believing: try TLSClientContext(authoritiesFile: authority.file), host: "one.example")
        early.greet()

        // The certificate is there, its key not yet: what was in use stays in use, and is said once.
        try folder.write(try bytes(two.file), to: "cert.pem")
        #expect(throws: TLSError.foreignKey(certificateFile: certificate, keyFile: key)) {
            try context.reloadIfChanged()
        }
        #expect(try !context.reloadIfChanged())
        #expect(try served(context, names) == "one.example")

        try folder.write(try bytes(two.keyFile), to: "key.pem")
        #expect(try context.reloadIfChanged())
        #expect(try served(context, names) == "two.example")
        #expect(ProtectedPair.write(early.server, [5]) == .moved(1))
        #expect(ProtectedPair.read(early.client).bytes == [5], "who was there before stays")

        try FileManager.default.removeItem(atPath: key)
        #expect(throws: TLSError.self) { try context.reloadIfChanged() }
        #expect(try served(context, names) == "two.example")
    }

    @Test func aWatchLooksByItself() throws {
        let clock = ManualClock()
        let loop = try EventLoop(clock: clock)
        let one = try authority.certificate("one")
        let two = try authority.certificate("two")
        let certificate = try folder.write(try bytes(one.file), to: "cert.pem")
        let key = try folder.write(try bytes(one.keyFile), to: "key.pem")
        let context = try TLSServerContext(certificateFile: certificate, keyFile: key)
        var said: [String] = []
        let watch = FileWatch(loop: loop, [context]) { said.append($0) }
        func pass(_ seconds: Int) {
            clock.advance(by: .seconds(seconds))
            loop.turn(sleepMillisecondsMax: 0)
        }
        pass(10)
        #expect(said.isEmpty)
        try folder.write(try bytes(two.file), to: "cert.pem")
        pass(9)
        #expect(said.isEmpty)
        pass(1)
        #expect(said.count == 1 && said.last?.contains("does not belong to the certificate") == true)
        try folder.write(try bytes(two.keyFile), to: "key.pem")
        watch.look()
        #expect(said.last == "read again: \(certificate), \(key)")
        pass(10)
        #expect(said.count == 2)
    }

    @Test func aClientsAuthoritiesAreReadAgainToo() throws {
        let other = try TestAuthority()
        let file = try folder.write(try bytes(other.file), to: "ca.pem")
        let certificate = try authority.certificate()
        let context = try TLSServerContext(certificateFile: certificate.file, keyFile: certificate.keyFile)
        let believing = try TLSClientContext(authoritiesFile: file)
        #expect(ProtectedPair(context, believing: believing).greet().client != .moved(1))
        try folder.write(try bytes(authority.file), to: "ca.pem")
        #expect(try believing.reloadIfChanged())
        #expect(ProtectedPair(context, believing: believing).greet().client == .moved(1))
        let text = try folder.write("nothing\n".utf8, to: "text")
        #expect(throws: TLSError.noAuthorities(file: text)) { _ = try TLSClientContext(authoritiesFile: text) }
    }
}
