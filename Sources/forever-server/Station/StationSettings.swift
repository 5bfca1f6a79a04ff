import ForeverCatalogue
import ForeverCore
import ForeverMix
import ForeverRelay

/// What the operator asked for.
struct StationSettings: Sendable {
    var libraries: [String]
    /// SoundCloud in place of libraries; nil where it is off.
    var cloud: CloudSettings?
    var seed: UInt64?
    /// nil for all addresses.
    var host: String?
    var port: UInt16
    var files: DataFiles
    var format: StreamFormat
    var name: String
    var relayLimit: Int?
    var relayFanout: Int
    var loops: Int
    var listenerLimit: Int
    /// The secret shared with relays; nil: the station makes one and keeps it.
    var relayToken: [UInt8]?
    var mix: MixSettings
    var leadSeconds: Double
    var burstSeconds: Double
    /// How long a stop may take for listeners to go elsewhere; 0: none.
    var drainSeconds: Double
    /// How much of the past the catalogue keeps.
    var retention = CatalogueRetention()
    var rules: HouseRules
    /// Read again when it changes, for the rules.
    var configFile: String?
    var operatorTokenFile: String?
    /// How often the library is looked through; nil: only where changes cannot be heard of. **Units:** s.
    var rescanSeconds: Double?
    var facing: PublicOptions
    var budget: BudgetOptions
    /// Where networks are, and the file that says so; read again on SIGHUP.
    var regions: RegionTable
    var regionsFile: String?

    /// What the ring holds beyond burst and lead, for listeners and relays that have fallen behind. **Units:** s.
    static let ringSpareSeconds = 30.0

    init(_ options: OptionValues) throws(OptionError) {
        libraries = options.texts("library")
        cloud = try SoundCloudOption.settings(options)
        if cloud != nil, !libraries.isEmpty {
            throw OptionError(
                "--soundcloud and --library exclude each other: SoundCloud's music is not to be mixed with other music")
        }
        seed = options.integer("seed").map { UInt64($0) }
        host = options.text("host")
        port = UInt16(options.integer("port") ?? 8192)
        files = DataFiles(options)
        let bitrate = Int(options.text("bitrate") ?? "") ?? 128
        guard let format = StreamFormat(bitrateKbps: bitrate) else {
            throw OptionError("--bitrate \(bitrate) is no bit rate of MP3")
        }
        self.format = format
        mix = MixOptions.settings(options, bitrateKbps: bitrate)
        name = options.text("name") ?? "Forever"
        relayLimit = options.integer("relay-limit")
        relayFanout = options.integer("relay-fanout") ?? ServiceSettings.rootFanout
        loops = options.integer("loops") ?? 1
        listenerLimit = options.integer("listener-limit") ?? 10_000
        leadSeconds = options.number("lead") ?? 20
        burstSeconds = options.number("burst") ?? 6
        drainSeconds = options.number("drain") ?? 0
        retention.historyDaysMax = options.integer("history-days")
        rules = try HouseRules(options)
        configFile = options.text("config")
        operatorTokenFile = options.text("operator-token-file")
        rescanSeconds = options.number("rescan")
        facing = try PublicOptions(options)
        budget = try BudgetOptions(options)
        regionsFile = options.text("regions")
        regions =
            try options.text("regions").map { path throws(OptionError) in try RegionTable(file: path) } ?? RegionTable()
        if let path = options.text("relay-token-file") {
            relayToken = try RelayToken.read(path, option: "relay-token-file")
        }
    }

    /// What the ring holds. **Units:** s.
    var ringSeconds: Double { burstSeconds + leadSeconds + StationSettings.ringSpareSeconds }
}
