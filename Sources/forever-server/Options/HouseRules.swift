import ForeverCore
import ForeverRelay

/// What the operator may change while the station runs: who is let in, how soon anything comes again, and the lists.
package struct HouseRules: Hashable, Sendable {
    package var admission: AdmissionRules
    package var separation: SeparationRules
    package var taste: TourTaste
    /// Files with tracks to play next and to mix in, one a line; emptied when they are read.
    package var injectFile: String?
    package var mustMixFile: String?

    static let specifications: [OptionSpecification] =
        [
            OptionSpecification(
                "min-length", .number(0...86_400), placeholder: "SECONDS", help: "shorter tracks are not let in"),
            OptionSpecification(
                "max-length", .number(0...86_400), placeholder: "SECONDS", help: "longer tracks are not let in"),
            OptionSpecification(
                "block-user", .text, placeholder: "NAME", repeats: true, help: "nothing by this artist or uploader"),
            OptionSpecification(
                "block-tag", .text, placeholder: "TAG", repeats: true, help: "nothing with this tag or genre"),
            OptionSpecification(
                "block-title", .text, placeholder: "WORDS", repeats: true, help: "nothing with these words in its title"
            ),
            OptionSpecification(
                "duplicates", .word(["refuse", "allow"]), placeholder: "refuse|allow", standard: "refuse",
                help: "tracks with the artist, title and length of another"),
            OptionSpecification(
                "track-gap", .integer(0...1_000_000), placeholder: "N", standard: "500",
                help: "other tracks until one comes again"),
            OptionSpecification(
                "track-gap-share", .number(0...1), placeholder: "SHARE", standard: "0.6",
                help: "the same as a share of all tracks; the smaller holds"),
            OptionSpecification(
                "artist-gap", .integer(0...1_000), placeholder: "N", standard: "2",
                help: "other tracks until an artist comes again"),
            OptionSpecification(
                "inject-file", .text, placeholder: "FILE",
                help: "tracks to play next, one a line; emptied when read (standard: inject.txt in --data)"),
            OptionSpecification(
                "must-mix-file", .text, placeholder: "FILE",
                help: "tracks to mix in soon, one a line; emptied when read (standard: mix.txt in --data)"),
        ] + TourTaste.specifications

    /// What holds without a word from the operator.
    package init() {
        admission = AdmissionRules()
        separation = SeparationRules()
        taste = TourTaste()
    }

    /// **Errors:** values that contradict each other, or too many of them.
    init(_ options: OptionValues) throws(OptionError) {
        for name in ["block-user", "block-tag", "block-title"] {
            guard options.texts(name).count <= CoreLimits.blockedWordsMax else {
                throw OptionError("--\(name) may be given at most \(CoreLimits.blockedWordsMax) times")
            }
        }
        admission = AdmissionRules(
            secondsMin: options.number("min-length"), secondsMax: options.number("max-length"),
            blockedUsers: options.texts("block-user"), blockedTags: options.texts("block-tag"),
            blockedTitleWords: options.texts("block-title"), refusesDuplicates: options.text("duplicates") != "allow")
        if let least = admission.secondsMin, let most = admission.secondsMax, least > most {
            throw OptionError("--min-length \(least) is more than --max-length \(most): nothing would be let in")
        }
        var separation = SeparationRules()
        if let gap = options.integer("track-gap") { separation.trackGap = gap }
        if let share = options.number("track-gap-share") { separation.trackGapShare = share }
        if let gap = options.integer("artist-gap") { separation.artistGap = gap }
        self.separation = separation
        taste = try TourTaste(options)
        injectFile = options.text("inject-file")
        mustMixFile = options.text("must-mix-file")
    }

    /// The rules as the same command line, the environment and the configuration file give them now.
    static func again() throws(OptionError) -> HouseRules? {
        let arguments = Array(CommandLine.arguments.dropFirst())
        let outcome = try ServerOptions.all.parse(
            arguments, environment: DataFolder.environment(), readFile: { DataFolder.contents(of: $0) })
        guard case .run(let options) = outcome else { return nil }
        return try HouseRules(options)
    }
}
