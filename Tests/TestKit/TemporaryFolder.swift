import Foundation

/// A folder of one test's own, gone when the last reference is.
package final class TemporaryFolder: Sendable {
    package let path: String

    package init() throws {
        var template = Array((NSTemporaryDirectory() + "/forever-test-XXXXXX").utf8CString)
        guard let made = mkdtemp(&template) else { throw TestKitFailure("mkdtemp: errno \(errno)") }
        path = String(cString: made)
    }

    /// The path of `name` inside the folder.
    package func callAsFunction(_ name: String) -> String { path + "/" + name }

    /// Writes `bytes` to the file `name` and gives its path.
    @discardableResult
    package func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
        let file = self(name)
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        return file
    }

    /// The bytes of the file `name` in the folder; a file that is not there ends the test run.
    package func bytes(of name: String) -> [UInt8] {
        [UInt8](try! Data(contentsOf: URL(fileURLWithPath: self(name))))
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
