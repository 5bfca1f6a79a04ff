/// What lies where in a station's `--data` folder.
package struct DataFiles: Sendable {
    package let folder: String

    package init(folder: String) { self.folder = folder }

    package var catalogue: String { "\(folder)/catalogue.sqlite" }
    package var ring: String { "\(folder)/stream.ring" }
}
