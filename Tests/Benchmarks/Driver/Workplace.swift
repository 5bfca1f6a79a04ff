import Foundation

/// Where one run of the benchmark keeps its files, its ports, and the station that feeds the relays.
final class Workplace {
    let folder: String
    /// MP3 frames for the servers that have no mixer, to be played over and over.
    let material: String
    private(set) var station: Server?
    private var lastPort = 9_100
    private var count = 0

    /// With two processors or more, the station's mixing and the listeners keep off the server's.
    static let cores = sysconf(Int32(_SC_NPROCESSORS_ONLN))
    static let serverCore = "0"
    static let otherCores = cores > 1 ? "1-\(cores - 1)" : "0"

    /// **Errors:** when the folder cannot be written.
    init() throws(BenchError) {
        folder = NSTemporaryDirectory() + "/forever-bench-\(getpid())"
        material = folder + "/frames.mp3"
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
            try Data(Self.frames(count: 2_500)).write(to: URL(fileURLWithPath: material))
            try Data("a token for one benchmark\n".utf8).write(to: URL(fileURLWithPath: tokenFile))
        } catch {
            throw BenchError("cannot write into \(folder): \(error)")
        }
    }

    var tokenFile: String { folder + "/token" }

    /// A file with a certificate for 127.0.0.1 and its key, made when somebody first asks.
    func certificate() throws(BenchError) -> String {
        let file = folder + "/certificate.pem"
        if FileManager.default.fileExists(atPath: file) { return file }
        let arguments = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout",
            file + ".key",
            "-out", file + ".crt", "-subj", "/CN=bench", "-days", "1", "-addext", "subjectAltName=IP:127.0.0.1",
        ]
        guard Tools.output(of: "openssl", arguments) != nil,
            let certificate = FileManager.default.contents(atPath: file + ".crt"),
            let key = FileManager.default.contents(atPath: file + ".key"),
            FileManager.default.createFile(atPath: file, contents: certificate + key)
        else { throw BenchError("no certificate can be made: is openssl there?") }
        return file
    }

    /// A port that this run has not used yet, below those that the kernel gives to clients.
    func freshPort() -> Int {
        lastPort += 1
        return lastPort
    }

    func freshFolder(_ name: String) -> String {
        count += 1
        return "\(folder)/\(name)-\(count)"
    }

    /// The station, mixing; started when somebody first asks.
    func runningStation() throws(BenchError) -> Server {
        if let station, station.child.isRunning { return station }
        let started = try Server.start(.station, in: self, cores: Self.otherCores)
        station = started
        return started
    }

    func stopStation() {
        station?.stop()
        station = nil
    }

    func clear() {
        stopStation()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// MPEG-1 layer III, 128 kbit/s, 48 kHz: 384 bytes a frame, 24 ms each, with something in them that is no header.
    private static func frames(count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var state: UInt32 = 1
        for _ in 0..<count {
            bytes += [0xFF, 0xFB, 0x94, 0x00]
            for _ in 4..<384 {
                state = state &* 1_664_525 &+ 1_013_904_223
                bytes.append(UInt8(state >> 25))
            }
        }
        return bytes
    }
}
