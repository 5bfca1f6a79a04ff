/// An authority of a test's own, and certificates from it, made by the openssl program: no key is kept anywhere.
package final class TestAuthority: Sendable {
    /// A certificate's file and its key's.
    package struct Certificate: Sendable {
        package let file: String
        package let keyFile: String
    }

    private static let secondsMax = 30.0
    private static let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    private let folder: TemporaryFolder

    package init() throws {
        folder = try TemporaryFolder()
        try run(
            ["req", "-x509"] + Self.key + [
                "-keyout", folder("ca.key"), "-out", file, "-subj", "/CN=authority of a test", "-days", "2", "-addext",
                "basicConstraints=critical,CA:TRUE",
            ])
    }

    /// Its own certificate, for those who shall believe it.
    package var file: String { folder("ca.pem") }

    /// A certificate for these names, as they stand in `subjectAltName`.
    package func certificate(
        _ name: String = "server", for names: String = "IP:127.0.0.1,DNS:localhost"
    ) throws -> Certificate {
        let made = Certificate(file: folder("\(name).pem"), keyFile: folder("\(name).key"))
        try run(
            ["req", "-x509", "-CA", file, "-CAkey", folder("ca.key")] + Self.key + [
                "-keyout", made.keyFile, "-out", made.file, "-subj", "/CN=\(name)", "-days", "1", "-addext",
                "subjectAltName=\(names)", "-addext", "basicConstraints=critical,CA:FALSE",
            ])
        return made
    }

    /// A certificate for 127.0.0.1 that is valid between two moments, as `20200131000000Z`.
    package func certificate(_ name: String, from start: String, to end: String) throws -> Certificate {
        let made = Certificate(file: folder("\(name).pem"), keyFile: folder("\(name).key"))
        let request = folder("\(name).csr")
        try run(["req", "-new"] + Self.key + ["-keyout", made.keyFile, "-out", request, "-subj", "/CN=\(name)"])
        try folder.write([], to: "\(name).index")
        let settings = """
            [ca]
            default_ca = own
            [own]
            database = \(folder("\(name).index"))
            new_certs_dir = \(folder.path)
            rand_serial = yes
            default_md = sha256
            policy = any
            x509_extensions = names
            [any]
            commonName = supplied
            [names]
            subjectAltName = IP:127.0.0.1

            """
        let configuration = try folder.write(settings.utf8, to: "\(name).cnf")
        try run([
            "ca", "-batch", "-notext", "-config", configuration, "-cert", file, "-keyfile", folder("ca.key"), "-in",
            request, "-out", made.file, "-startdate", start, "-enddate", end,
        ])
        return made
    }

    /// The same key, locked with a password.
    package func lockedKey(_ certificate: Certificate) throws -> String {
        let locked = folder("locked.key")
        try run(["ec", "-in", certificate.keyFile, "-aes128", "-passout", "pass:secret", "-out", locked])
        return locked
    }

    private func run(_ arguments: [String]) throws {
        let program = try FinishedProgram(
            try Programs.neededTool("openssl"), arguments, seconds: Self.secondsMax)
        guard program.status == 0 else { throw TestKitFailure("openssl \(arguments[0]): \(program.errorText)") }
    }
}
