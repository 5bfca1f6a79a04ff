import ForeverHTTP
import ForeverRelay
import ForeverTLS
import Glibc

/// Which servers are soaked, and with which arguments: a root, relays with the shared token and with keys of their own, and,
/// with a certificate, every second relay by https.
struct Network {
    static let drainSeconds = 6.0
    /// Every so many relays one is invited and has a key of its own.
    private static let invitedEvery = 3
    private static let secureEvery = 2

    private let options: SoakOptions
    private let seed: UInt64
    private let place: Workplace
    private let ports: [UInt16]
    private let securePorts: [UInt16?]

    /// **Errors:** when there are not enough free ports.
    init(_ options: SoakOptions, seed: UInt64, place: Workplace) throws(SoakError) {
        self.options = options
        self.seed = seed
        self.place = place
        let count = options.relays + 1
        let all = try place.ports(options.certificate == nil ? count : 2 * count)
        ports = Array(all[..<count])
        securePorts = options.certificate == nil ? Array(repeating: nil, count: count) : all[count...].map { $0 }
    }

    /// The root first. **Errors:** when a program is not built, or an invitation cannot be written.
    func servers(_ loop: EventLoop) throws(SoakError) -> [Server] {
        var servers = [
            Server(
                number: 0, port: ports[0], securePort: securePorts[0], data: folder(0),
                program: try Workplace.program("forever-server"), arguments: rootArguments, loop: loop)
        ]
        let program = try Workplace.program("forever-relay")
        for number in 1...options.relays {
            servers.append(
                Server(
                    number: number, port: ports[number], securePort: securePorts[number], data: folder(number),
                    program: program, arguments: try relayArguments(number), loop: loop))
        }
        return servers
    }

    private func folder(_ number: Int) -> String { "\(place.folder)/\(number)" }

    private func common(_ number: Int) -> [String] {
        var words = ["--host", "127.0.0.1", "--port", "\(ports[number])", "--data", folder(number)]
        words += ["--burst", "\(options.burstSeconds)"]
        guard let port = securePorts[number], let file = options.certificate else { return words }
        return words + ["--tls-port", "\(port)", "--tls-certificate", file, "--ca-file", file]
    }

    private var rootArguments: [String] {
        common(0) + ["--seed", "\(seed % 1_000_000)", "--lead", "\(options.leadSeconds)"]
            + ["--relay-token-file", place.tokenFile, "--relay-limit", "\(options.listeners / 10)"]
            + (options.fanout.map { ["--relay-fanout", "\($0)"] } ?? [])
            + (options.library.map { ["--library", $0] } ?? [])
    }

    private func relayArguments(_ number: Int) throws(SoakError) -> [String] {
        let isSecure = securePorts[number] != nil && number % Self.secureEvery == 0
        func url(_ number: Int) -> String {
            guard isSecure, let port = securePorts[number] else { return "http://127.0.0.1:\(ports[number])" }
            return "https://127.0.0.1:\(port)"
        }
        let credentials =
            number % Self.invitedEvery == 0
            ? ["--invite", try invite("relay \(number)")] : ["--token-file", place.tokenFile]
        return common(number) + ["--root", url(0), "--public-url", url(number)] + credentials
            + ["--drain", "\(Self.drainSeconds)", "--linger", "20"]
    }

    /// An invitation from the root's own keyring, as its operator would make it.
    private func invite(_ name: String) throws(SoakError) -> String {
        mkdir(folder(0), 0o755)
        var random = SecureRandom()
        var clock = timespec()
        clock_gettime(CLOCK_REALTIME, &clock)
        let now = Int64(clock.tv_sec) * 1_000
        do {
            let made = try RelayKeyringFile(path: folder(0) + "/relays.json").change {
                $0.invite(
                    name: name, listenerLimit: nil, expiresAtMilliseconds: now + 86_400_000, wallMilliseconds: now,
                    using: &random)
            }
            if let made { return made.code.text }
        } catch {
            throw SoakError("no relay can be invited: \(error)")
        }
        throw SoakError("too many are invited")
    }
}
