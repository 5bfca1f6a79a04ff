import ForeverRelay

/// The commands of `forever-server` and their options: the contract that tests, docs and users depend on.
enum ServerOptions {
    static let version = "0.1.0"

    static let all = ProgramOptions(
        program: "forever-server", version: version,
        commands: [serve, analyze, mix, order, invite, relays, backup, restore])

    private static let library = OptionSpecification(
        "library", .text, placeholder: "DIR", repeats: true,
        help: "play the music in this folder and those below it")
    private static let data = OptionSpecification(
        "data", .text, placeholder: "DIR", help: "where the station keeps what must survive it (standard: XDG data)")
    private static let seed = OptionSpecification(
        "seed", .integer(0...Int64.max), placeholder: "N", help: "what every choice is drawn from")

    private static func bitrate(_ help: String) -> OptionSpecification {
        OptionSpecification(
            "bitrate", .word(StreamFormat.bitratesKbps.map(String.init)), placeholder: "KBPS", standard: "128",
            help: help)
    }

    static let serve = ProgramCommand(
        "serve", summary: "Plays an endless beat-matched radio stream.",
        options: [
            library,
            SoundCloudOption.specification,
            OptionSpecification(
                "seed", .integer(0...Int64.max), placeholder: "N",
                help: "what every choice is drawn from (standard: another at each new epoch)"),
            OptionSpecification(
                "host", .text, placeholder: "HOST",
                help: "address to listen on (standard: all, IPv6 and IPv4)"),
            OptionSpecification(
                "port", .integer(0...65535), placeholder: "PORT", standard: "8192",
                help: "port to listen on; 0 takes a free one"),
            data,
            bitrate("kbit/s of the MP3 stream"),
            OptionSpecification("name", .text, placeholder: "TEXT", standard: "Forever", help: "the station's name"),
            OptionSpecification(
                "relay-limit", .integer(0...1_000_000), placeholder: "N",
                help: "listeners served here; from the next one on they are sent to relays (standard: no limit)"),
            OptionSpecification(
                "relay-fanout", .integer(1...1_000), placeholder: "N", standard: "\(ServiceSettings.rootFanout)",
                help: "relays that pull from here; further ones pull from other relays"),
            OptionSpecification(
                "loops", .integer(1...64), placeholder: "N", standard: "1", help: "threads that serve listeners"),
            OptionSpecification(
                "listener-limit", .integer(1...1_000_000), placeholder: "N", standard: "10000",
                help: "listeners served here when no relay can take them"),
            OptionSpecification(
                "relay-token-file", .text, placeholder: "FILE",
                help: "the secret that relays share with this station"),
            OptionSpecification(
                "regions", .text, placeholder: "FILE",
                help: "where networks are, lines NETWORK REGION: relays with this --location first"),
            OptionSpecification(
                "lead", .number(1...3600), placeholder: "SECONDS", standard: "20",
                help: "how far the mix is made ahead of real time"),
            OptionSpecification(
                "burst", .number(0...60), placeholder: "SECONDS", standard: "6",
                help: "sound that a new listener gets at once"),
            OptionSpecification(
                "drain", .number(0...3_600), placeholder: "SECONDS", standard: "0",
                help: "let listeners go gradually within this time after SIGTERM"),
            OptionSpecification(
                "history-days", .integer(1...36_500), placeholder: "DAYS",
                help: "how long plays are remembered (standard: the last 100000)"),
            OptionSpecification(
                "rescan", .number(10...604_800), placeholder: "SECONDS",
                help: "look through the library so often (standard: changes are heard of; 600 where they cannot be)"),
            OptionSpecification(
                "operator-token-file", .text, placeholder: "FILE",
                help: "the secret of the operator's paths (standard: one that the station makes in --data)"),
        ] + HouseRules.specifications + MixOptions.specifications + BudgetOptions.specifications
            + PublicOptions.specifications)

    static let analyze = ProgramCommand(
        "analyze", summary: "Beats, downbeats, tempo, key and loudness of each file.",
        options: [
            OptionSpecification("json", .flag, help: "one JSON object a line"),
            OptionSpecification(
                "plot", .text, placeholder: "OUT.svg", help: "draw one file's analysis over its waveform"),
        ], argumentsPlaceholder: "FILE...")

    static let mix = ProgramCommand(
        "mix", summary: "Renders a mix to a file, faster than real time.",
        options: [
            library,
            SoundCloudOption.refusal,
            OptionSpecification("o", .text, placeholder: "OUT", help: "the file to write: .wav, .flac or .mp3"),
            OptionSpecification(
                "minutes", .number(0.05...1_440), placeholder: "M",
                help: "how long (standard: every given track once; 60 of a library or the demo crate)"),
            OptionSpecification(
                "seed", .integer(0...Int64.max), placeholder: "N", standard: "0",
                help: "what every choice is drawn from"),
            OptionSpecification(
                "order", .word(["given", "tour"]), placeholder: "given|tour",
                help: "files as given, or by the tour (standard: given for files, tour else)"),
            OptionSpecification(
                "plan", .text, placeholder: "PLAN.json",
                help: "write what was planned, and what was measured of it, to this file"),
            OptionSpecification(
                "plot", .text, placeholder: "DIR", help: "draw every transition, one SVG file each in this folder"),
            OptionSpecification(
                "data", .text, placeholder: "DIR",
                help: "use the analyses kept here; with --at, the journal to render from"),
            OptionSpecification(
                "at", .text, placeholder: "EPOCH:POSITION",
                help: "render again what the station in --data played from here"),
            bitrate("kbit/s of an .mp3"),
        ] + TourTaste.specifications + MixOptions.specifications, argumentsPlaceholder: "FILE...")

    static let order = ProgramCommand(
        "order", summary: "The tour through a library, with every leg's cost and why.",
        options: [
            library,
            OptionSpecification(
                "tracks", .text, placeholder: "FILE.json",
                help: "facts of tracks instead of a library"),
            OptionSpecification("start", .text, placeholder: "ID", help: "the track to begin with"),
            OptionSpecification(
                "seed", .integer(0...Int64.max), placeholder: "N", standard: "0",
                help: "what every choice is drawn from"),
            OptionSpecification(
                "seconds", .number(0...3600), placeholder: "S", standard: "1",
                help: "how long to look for a better tour"),
            OptionSpecification("json", .flag, help: "one JSON object"),
            OptionSpecification(
                "costs", .text, placeholder: "OUT.csv",
                help: "write the whole matrix of costs to this file"),
            OptionSpecification(
                "artist-gap", .integer(0...1_000), placeholder: "N", standard: "2",
                help: "other tracks until an artist comes again"),
            OptionSpecification(
                "start-hour", .number(0...24), placeholder: "HOUR", standard: "0",
                help: "hour of the day when the tour begins, for --energy-curve"),
            data,
        ] + TourTaste.specifications + MixOptions.specifications)

    static let invite = ProgramCommand(
        "invite", summary: "Prints the one line with which somebody's server becomes a relay of this station.",
        options: [
            OptionSpecification("name", .text, placeholder: "NAME", help: "what you call the relay"),
            OptionSpecification(
                "listener-limit", .integer(1...1_000_000), placeholder: "N",
                help: "listeners that it may have at most (standard: as many as it says)"),
            OptionSpecification(
                "expires", .number(0.01...8_760), placeholder: "HOURS", standard: "72",
                help: "the code is worth nothing after that"),
            OptionSpecification(
                "root-url", .url, placeholder: "URL",
                help: "how relays reach this station (standard: this machine's name)"),
            data,
        ])

    static let relays = ProgramCommand(
        "relays",
        summary:
            "Shows and changes who relays: list, name ID NAME, limit ID N|none, account ID NAME|none, revoke ID, restore ID.",
        options: [OptionSpecification("json", .flag, help: "list as one JSON object"), data],
        argumentsPlaceholder: "[ACTION...]")

    static let backup = ProgramCommand(
        "backup", summary: "Writes what the station remembers to a file; the station may run.",
        options: [data], argumentsPlaceholder: "OUT")

    static let restore = ProgramCommand(
        "restore", summary: "Puts back what a backup holds; a running station goes on with its stream.",
        options: [data], argumentsPlaceholder: "FILE")
}
