import Foundation
import ForeverTestKit

/// A real reverse proxy in front of a station, run with the sample configuration of Docs/Examples.
final class Proxy {
    private let program: RunningProgram
    private let folder: TemporaryFolder
    /// Without TLS, with a slash at the end.
    let url: String
    /// With TLS; nil where the test has none.
    let protectedURL: String?

    /// The programs that the tests need for nginx: openssl makes the certificate.
    static var hasNginx: Bool { ["nginx", "openssl", "curl"].allSatisfy { Programs.tool($0) != nil } }
    static var hasCaddy: Bool { ["caddy", "curl"].allSatisfy { Programs.tool($0) != nil } }

    private init(_ program: RunningProgram, _ folder: TemporaryFolder, port: UInt16, protectedPort: UInt16?) throws {
        self.program = program
        self.folder = folder
        url = "http://127.0.0.1:\(port)/"
        protectedURL = protectedPort.map { "https://127.0.0.1:\($0)/" }
        let url = url
        try waitUntil("\(program.name) answers", seconds: 20) {
            guard program.isRunning else { throw TestKitFailure("\(program.name) ended: \(program.errorText)") }
            return (try? fetch(url + "status.json"))?.status == 200
        }
    }

    deinit { program.end() }

    static func nginx(to station: Station) throws -> Proxy {
        let folder = try TemporaryFolder()
        let (port, protectedPort) = (try freePort(), try freePort())
        let certificate = try FinishedProgram(
            Programs.neededTool("openssl"),
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj",
                "/CN=127.0.0.1", "-keyout", folder("key.pem"), "-out", folder("certificate.pem"),
            ])
        guard certificate.status == 0 else { throw TestKitFailure("openssl: \(certificate.errorText)") }
        let places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map { "\($0)_temp_path \(folder($0));" }
        let configuration = try sample(
            "nginx.conf",
            [
                ("worker_processes auto;", "worker_processes 1;"), ("worker_rlimit_nofile 65536;", ""),
                ("worker_connections 16384;", "worker_connections 256;"),
                ("http {", "http {\naccess_log off;\n" + places.joined(separator: "\n")),
                ("server 127.0.0.1:8192;", "server \(authority(station));"),
                ("listen 80;", "listen 127.0.0.1:\(port);"), ("listen [::]:80;", ""),
                ("listen 443 ssl http2;", "listen 127.0.0.1:\(protectedPort) ssl http2;"),
                ("listen [::]:443 ssl http2;", ""),
                ("/etc/letsencrypt/live/radio.example/fullchain.pem", folder("certificate.pem")),
                ("/etc/letsencrypt/live/radio.example/privkey.pem", folder("key.pem")),
            ])
        let file = try folder.write(configuration.utf8, to: "nginx.conf")
        // One process, so that nothing can be left behind.
        let program = try RunningProgram(
            Programs.neededTool("nginx"),
            [
                "-p", folder.path, "-c", file, "-e", "stderr", "-g",
                "daemon off; master_process off; pid \(folder("pid"));",
            ])
        return try Proxy(program, folder, port: port, protectedPort: protectedPort)
    }

    static func caddy(to station: Station) throws -> Proxy {
        let folder = try TemporaryFolder()
        let port = try freePort()
        let configuration = try sample(
            "Caddyfile",
            [
                ("radio.example, http://radio.example {", "http://127.0.0.1:\(port) {"),
                ("reverse_proxy 127.0.0.1:8192 {", "reverse_proxy \(authority(station)) {"),
            ])
        let file = try folder.write(("{\nadmin off\ndefault_bind 127.0.0.1\n}\n" + configuration).utf8, to: "Caddyfile")
        let program = try RunningProgram(
            Programs.neededTool("caddy"), ["run", "--adapter", "caddyfile", "--config", file],
            environment: ["HOME": folder.path, "XDG_DATA_HOME": folder.path, "XDG_CONFIG_HOME": folder.path])
        return try Proxy(program, folder, port: port, protectedPort: nil)
    }

    private static func authority(_ station: Station) -> String {
        String(station.url.dropFirst("http://".count).dropLast())
    }

    /// A sample with this test's ports and addresses. Everything that is replaced must be there, once.
    private static func sample(_ name: String, _ changes: [(String, String)]) throws -> String {
        var text = try String(contentsOfFile: Programs.repository + "/Docs/Examples/" + name, encoding: .utf8)
        for (old, new) in changes {
            let parts = text.components(separatedBy: "\n").filter { !$0.drop { $0 == " " }.hasPrefix("#") }
                .joined(separator: "\n").components(separatedBy: old)
            guard parts.count == 2 else { throw TestKitFailure("\(name) has \"\(old)\" \(parts.count - 1) times") }
            text = parts.joined(separator: new)
        }
        return text
    }
}
