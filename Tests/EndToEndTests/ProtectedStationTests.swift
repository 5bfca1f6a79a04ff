import Foundation
import ForeverTestKit
import Testing

/// A station and a relay that speak https themselves, heard with curl.
@Suite(
    .serialized, .enabled(if: Programs.tool("curl") != nil && Programs.tool("openssl") != nil)
) struct ProtectedStationTests {
    private let authority: TestAuthority
    private let folder: TemporaryFolder
    private let certificate: String
    private let key: String

    init() throws {
        authority = try TestAuthority()
        folder = try TemporaryFolder()
        let made = try authority.certificate("first")
        certificate = try folder.write(try Self.bytes(made.file), to: "cert.pem")
        key = try folder.write(try Self.bytes(made.keyFile), to: "key.pem")
    }

    private static func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

    private func options(_ port: UInt16) -> [String] {
        ["--tls-port", "\(port)", "--tls-certificate", certificate, "--tls-key", key]
    }

    private func curl(_ url: String, _ arguments: [String] = [], seconds: Double = 10) throws -> FinishedProgram {
        let own = ["--silent", "--show-error", "--cacert", authority.file, "--max-time", "\(Int(seconds))"]
        return try FinishedProgram(try Programs.neededTool("curl"), own + arguments + [url], seconds: seconds + 20)
    }

    /// So many seconds of the stream, with its head.
    private func listen(_ url: String, seconds: Double) throws -> StreamPiece {
        let output = try curl(url + "all.mp3", ["--include"], seconds: seconds).output
        guard let end = output.firstRange(of: Array("\r\n\r\n".utf8)) else {
            throw TestKitFailure("no head from \(url)")
        }
        let head = String(decoding: output[..<end.lowerBound], as: UTF8.self).components(separatedBy: "\r\n")
        func field(_ name: String) throws -> String {
            guard let line = head.first(where: { $0.hasPrefix(name + ": ") }) else {
                throw TestKitFailure("no \(name) from \(url)")
            }
            return String(line.dropFirst(name.count + 2))
        }
        return StreamPiece(
            epoch: try field("Forever-Epoch"), position: Int(try field("Forever-Position")) ?? -1,
            bytes: Array(output[end.upperBound...]))
    }

    @Test func aRelayOfAProtectedRootServesItsBytesProtected() throws {
        let token = try folder.write("a secret of this test, long enough\n".utf8, to: "token")
        let (rootPort, relayPort) = (try freePort(), try freePort())
        let root = try Station.root(data: folder, ["--relay-token-file", token] + options(rootPort))
        let rootURL = "https://127.0.0.1:\(rootPort)/"
        let relay = try Station.relay(
            of: root, data: folder, port: try freePort(), rootURL: rootURL,
            ["--token-file", token, "--ca-file", authority.file] + options(relayPort))
        try waitUntil("the relay is registered and has sound", seconds: 30) {
            let upstream = try relay.json("status.json")["upstream"] as? [String: Any]
            return try upstream?["registered"] as? Bool == true && fetch(relay.url + "healthz").status == 200
        }
        let direct = try listen(rootURL, seconds: 3)
        let relayed = try listen("https://127.0.0.1:\(relayPort)/", seconds: 3)
        let plain = try relay.listen(seconds: 1)
        #expect(direct.bytes.count > 6 * 16_000)
        #expect(relayed.epoch == direct.epoch)
        #expect(direct.common(with: relayed).count > 2 * 16_000 && direct.common(with: relayed).equal)
        #expect(relayed.common(with: plain).count > 16_000 && relayed.common(with: plain).equal)
        let list = try curl(rootURL + "all.m3u").outputText
        #expect(list.contains("https://127.0.0.1:\(rootPort)/all.mp3"))
        // Who does not believe the certificate does not listen.
        let stranger = try TestAuthority()
        #expect(try curl(rootURL, ["--cacert", stranger.file]).status == 60)
    }

    @Test func aRelayThatDoesNotBelieveItsRootSaysSo() throws {
        let port = try freePort()
        let root = try Station.root(data: folder, options(port))
        let relay = try Station.relay(
            of: root, data: folder, port: try freePort(), rootURL: "https://127.0.0.1:\(port)/")
        try waitUntil("the reason in its status", seconds: 15) {
            let upstream = try relay.json("status.json")["upstream"] as? [String: Any]
            return (upstream?["lastError"] as? String)?.contains("an authority that is not known here") == true
        }
    }

    @Test func aRenewedCertificateIsServedWhileAListenerListens() throws {
        let port = try freePort()
        let root = try Station.root(data: folder, options(port))
        let url = "https://127.0.0.1:\(port)/"
        let output = folder("heard.mp3")
        let listener = try RunningProgram(
            try Programs.neededTool("curl"),
            ["--silent", "--cacert", authority.file, "--max-time", "12", "--output", output, url + "all.mp3"])
        func heard() -> Int {
            ((try? FileManager.default.attributesOfItem(atPath: output))?[.size] as? Int) ?? 0
        }
        try waitUntil("the listener has its burst") { heard() > 6 * 16_000 }

        // Half of a renewal changes nothing, and is said.
        let next = try authority.certificate("second", for: "DNS:renewed.example,IP:127.0.0.1")
        let resolved = ["--resolve", "renewed.example:\(port):127.0.0.1"]
        let renewed = "https://renewed.example:\(port)/status.json"
        try folder.write(try Self.bytes(next.file), to: "cert.pem")
        root.program.send(signal: SIGHUP)
        try waitUntil("the broken pair is said") {
            root.program.errorText.contains("does not belong to the certificate")
        }
        #expect(try curl(renewed, resolved).status == 60)
        #expect(try curl(url + "status.json").status == 0)

        try folder.write(try Self.bytes(next.keyFile), to: "key.pem")
        root.program.send(signal: SIGHUP)
        try waitUntil("the new certificate is served") { try curl(renewed, resolved).status == 0 }
        let before = heard()
        try waitUntil("the listener goes on") { heard() > before + 2 * 16_000 }
        listener.end()
        let bytes = [UInt8](try Self.bytes(output))
        #expect(
            stride(from: 0, to: bytes.count - 384, by: 384).allSatisfy { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xFB })
    }

    @Test func aPlainRootOnTheOpenNetIsRefusedWithAReason() throws {
        let relay = try FinishedProgram(
            Programs.relay, ["--root", "http://198.51.100.7:8192", "--data", folder("relay")])
        #expect(relay.status == 2)
        #expect(relay.errorText.contains("use https, or --insecure"))
    }
}
