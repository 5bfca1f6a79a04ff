import ForeverHTTP
import ForeverRelay

/// What the arguments of forever-relay mean.
struct RelayArguments {
    static let version = "0.1.0"

    static let program = ProgramOptions(
        program: "forever-relay", version: version,
        commands: [
            ProgramCommand(
                "", summary: "Relays the stream of a Forever station to more listeners than it can serve itself.",
                options: [
                    OptionSpecification(
                        "root", .url, placeholder: "URL", help: "the station, for example https://radio.example:8443"),
                    OptionSpecification("host", .text, placeholder: "H", help: "address to listen on (else all)"),
                    OptionSpecification(
                        "port", .integer(0...65_535), placeholder: "N", standard: "8193", help: "port to listen on"),
                    OptionSpecification(
                        "listener-limit", .integer(0...1_000_000), placeholder: "N", help: "listeners at once"),
                    OptionSpecification(
                        "relay-fanout", .integer(0...1_000), placeholder: "N",
                        standard: "\(ServiceSettings.relayFanout)", help: "other relays that may pull from this one"),
                    OptionSpecification(
                        "loops", .integer(1...64), placeholder: "N", standard: "1",
                        help: "threads that serve listeners"),
                    OptionSpecification(
                        "weight", .integer(0...1_000_000), placeholder: "N", standard: "100",
                        help: "share of the listeners"),
                    OptionSpecification("location", .text, placeholder: "TEXT", help: "where it is, for the operator"),
                    OptionSpecification(
                        "invite", .text, placeholder: "CODE", help: "the operator's invitation; needed once"),
                    OptionSpecification(
                        "token-file", .text, placeholder: "FILE", help: "file with the station's relay token"),
                    OptionSpecification(
                        "data", .text, placeholder: "DIR", help: "folder for what must survive a restart"),
                    OptionSpecification(
                        "burst", .number(0...30), placeholder: "SECONDS", standard: "6",
                        help: "what a new listener gets at once"),
                    OptionSpecification(
                        "linger", .number(0...86_400), placeholder: "SECONDS", standard: "60",
                        help: "pull on so long when nobody listens; 0: always"),
                    OptionSpecification(
                        "drain", .number(0...3_600), placeholder: "SECONDS", standard: "0",
                        help: "let listeners go gradually within this time after SIGTERM"),
                ] + BudgetOptions.specifications + PublicOptions.specifications)
        ])

    var node: RelayNode.Settings
    var host: String?
    var port: UInt16
    var token: [UInt8]?
    var invitation: RelayInvitation.Code?
    var facing: PublicOptions
    var drainSeconds: Double

    /// Checks what single options cannot know. **Errors:** in words for the user.
    init(_ values: OptionValues, environment: [String: String]) throws(OptionError) {
        guard let text = values.text("root") else {
            throw OptionError("--root is missing: which station?\nTry: forever-relay --help")
        }
        guard let root = HTTPAddress(text), root.target == "/" else {
            throw OptionError("--root must be an address without a path, not \"\(text)\"")
        }
        var service = ServiceSettings(role: .relay, version: Self.version)
        facing = try PublicOptions(values)
        service.publicURL = facing.publicURL
        service.listenerLimit = values.integer("listener-limit")
        service.relayFanout = values.integer("relay-fanout") ?? ServiceSettings.relayFanout
        service.fanout.loops = values.integer("loops") ?? 1
        service.fanout.burstSeconds = values.number("burst") ?? 6
        let data = values.text("data") ?? DataFolder.standard(environment: environment, program: "forever-relay")
        node = RelayNode.Settings(root: root, dataFolder: data, service: service)
        node.weight = values.integer("weight") ?? 100
        node.location = values.text("location")
        host = values.text("host")
        port = UInt16(values.integer("port") ?? 8_193)
        drainSeconds = values.number("drain") ?? 0
        if let linger = values.number("linger"), linger > 0 { node.lingerSeconds = linger }
        node.service.answersRangeProbes = facing.answersRangeProbes
        let budget = try BudgetOptions(values)
        node.budget = BudgetKeeper.Settings(
            budget: budget.settings, webhook: budget.webhook, levels: budget.levels)
        if let objection = facing.objection(toRoot: root) { throw OptionError(objection) }
        if let text = values.text("invite") {
            guard let code = RelayInvitation.Code(text) else {
                throw OptionError("--invite must be a code as forever-server invite prints it: 16 digits, -, 32 digits")
            }
            invitation = code
        }
        if let path = values.text("token-file") {
            token = try RelayToken.read(path, option: "token-file")
        }
    }
}
