import Foundation
import Glibc

/// A folder that is gone when the value is.
final class TemporaryFolder {
    let path: String

    init() {
        // The real path: scans give real paths.
        let base = realpath(NSTemporaryDirectory(), nil)!
        defer { free(base) }
        path = String(cString: base) + "/forever-core-\(UUID().uuidString)"
        try! FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Makes a file with its folders, and gives its path.
    @discardableResult
    func file(_ name: String, _ bytes: [UInt8] = [1, 2, 3]) -> String {
        let path = "\(self.path)/\(name)"
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        try! FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        precondition(FileManager.default.createFile(atPath: path, contents: Data(bytes)))
        return path
    }

    @discardableResult
    func folder(_ name: String) -> String {
        let path = "\(self.path)/\(name)"
        try! FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    func link(_ name: String, to target: String) {
        precondition(symlink(target, "\(path)/\(name)") == 0)
    }
}
