import ForeverHTTP
import ForeverRelay
import ForeverTLS
import Glibc

/// Runs a relay until it is told to stop.
enum RelayProgram {
    /// The exit status: 0 after a clean stop, 1 when it cannot run, 2 for wrong arguments.
    static func run(_ words: [String]) -> Int32 {
        let environment = DataFolder.environment()
        let arguments: RelayArguments
        do throws(OptionError) {
            switch try RelayArguments.program.parse(
                words, environment: environment, readFile: { DataFolder.contents(of: $0) })
            {
            case .print(let text):
                say(text, to: STDOUT_FILENO)
                return 0
            case .run(let values): arguments = try RelayArguments(values, environment: environment)
            }
        } catch {
            say("forever-relay: \(error)", to: STDERR_FILENO)
            return OptionError.exitStatus
        }
        do {
            try serve(arguments)
            return 0
        } catch {
            say("forever-relay: \(error)", to: STDERR_FILENO)
            return 1
        }
    }

    private static func serve(_ arguments: RelayArguments) throws {
        guard DataFolder.make(arguments.node.dataFolder) else {
            throw OptionError("cannot write into the folder \(arguments.node.dataFolder)")
        }
        DescriptorLimit.raise()
        let loop = try EventLoop()
        let facing = arguments.facing
        let authorities = try TLSClientContext(authoritiesFile: facing.authoritiesFile)
        let certificate = try facing.protected.map {
            try TLSServerContext(certificateFile: $0.certificateFile, keyFile: $0.keyFile)
        }
        let files: [any ReloadedFiles] = [authorities] + (certificate.map { [$0] } ?? [])
        let watch = FileWatch(loop: loop, files) { say("forever-relay: \($0)", to: STDERR_FILENO) }
        let client = HTTPClient(loop: loop)
        let meter = WireMeter()
        client.meter = meter
        client.speakTLS(authorities)
        // The webhook is where its operator says.
        let webhook = arguments.node.budget.webhook
        client.allowsPlain = { facing.isInsecure || $0 == webhook || PlainPath.isSafe($1) }
        guard let identity = try identify(arguments, loop, client) else { return }
        let node = RelayNode(
            loop: loop, client: client, settings: arguments.node, generator: SecureRandom(), id: identity.id,
            digest: Enrolment.digest, sign: identity.sign, meter: meter)
        node.budget.say = { say("forever-relay: \($0)", to: STDERR_FILENO) }
        if arguments.facing.logsListeners {
            node.service.onListener = { say("forever-relay: \($0)", to: STDERR_FILENO) }
        }
        let router = Router()
        node.install(into: router)
        let server = HTTPServer(
            loop: loop, router: router, limits: facing.limits, proxies: facing.proxies)
        server.meter = meter
        node.service.connectionsTurnedAway = { [unowned server] in (server.refusedCount, server.evictedCount) }
        var isLeaving = false
        let signals = try SignalWatch(loop: loop) { signal in
            guard signal != SIGHUP else { return watch.look() }
            // The second signal does not wait.
            guard !isLeaving, arguments.drainSeconds > 0 else { return loop.stop() }
            isLeaving = true
            node.leave(withinSeconds: arguments.drainSeconds) { loop.stop() }
        }
        let port = try server.listen(host: arguments.host, port: arguments.port)
        var ports = "port \(port)"
        if let certificate, let protected = facing.protected {
            ports += try ", https on port \(server.listen(host: arguments.host, port: protected.port, certificate))"
        }
        try node.start(port: port)
        say("forever-relay: relaying \(arguments.node.root) on \(ports)", to: STDERR_FILENO)
        if facing.protected != nil, arguments.node.service.publicURL == nil {
            say(
                "forever-relay: without --public-url https://NAME the station sends listeners to port \(port) by http",
                to: STDERR_FILENO)
        }
        if identity.sign == nil {
            say(
                "forever-relay: neither --invite nor --token-file, so the station does not know of this relay",
                to: STDERR_FILENO)
        }
        loop.run()
        node.stop()
        server.stop()
        withExtendedLifetime(signals) {}
    }

    /// Who this relay is; nil when it was told to end before the station had answered.
    private static func identify(
        _ arguments: RelayArguments, _ loop: EventLoop, _ client: HTTPClient
    ) throws -> Enrolment.Answer? {
        let signals = try SignalWatch(loop: loop) { signal in if signal != SIGHUP { loop.stop() } }
        defer { withExtendedLifetime(signals) {} }
        return try Enrolment(arguments: arguments) { say("forever-relay: \($0)", to: STDERR_FILENO) }
            .identify(loop, client)
    }

    private static func say(_ text: String, to fd: Int32) {
        let line = Array((text + "\n").utf8)
        _ = write(fd, line, line.count)
    }
}
