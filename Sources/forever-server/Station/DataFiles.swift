import ForeverRelay

/// What lies where in a station's `--data` folder.
package struct DataFiles: Sendable {
    package let folder: String

    package init(folder: String) { self.folder = folder }

    /// In the folder that `--data` names, or the standard one.
    init(_ options: OptionValues) {
        self.init(
            folder: options.text("data")
                ?? DataFolder.standard(environment: DataFolder.environment(), program: "forever"))
    }

    package var catalogue: String { "\(folder)/catalogue.sqlite" }
    package var relays: String { "\(folder)/relays.json" }
    package var relayToken: String { "\(folder)/relay-token" }
    package var operatorToken: String { "\(folder)/operator-token" }
    package var injectList: String { "\(folder)/inject.txt" }
    package var mustMixList: String { "\(folder)/mix.txt" }
    /// SoundCloud's token, for its owner only.
    package var cloudToken: String { "\(folder)/soundcloud-token" }
    package var ring: String { "\(folder)/stream.ring" }
}
