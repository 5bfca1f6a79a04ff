/// What lies where in a station's `--data` folder.
struct DataFiles: Sendable {
    let folder: String

    var catalogue: String { "\(folder)/catalogue.sqlite" }
    var ring: String { "\(folder)/stream.ring" }
}
