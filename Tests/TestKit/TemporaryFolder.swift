import Foundation

/// A folder of its own that is removed with the object.
public final class TemporaryFolder: Sendable {
    public let path: String

    public init() {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("forever-\(UUID().uuidString)").path
        try! FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The path of `name` inside.
    public func file(_ name: String) -> String { path + "/" + name }

    /// Writes `bytes` to `name` and gives its path.
    public func write(_ bytes: [UInt8], to name: String) -> String {
        let target = file(name)
        try! Data(bytes).write(to: URL(fileURLWithPath: target))
        return target
    }

    /// The bytes of the file `name` inside.
    public func bytes(of name: String) -> [UInt8] {
        [UInt8](try! Data(contentsOf: URL(fileURLWithPath: file(name))))
    }
}
