import Foundation

/// Where the programs are that tests start.
package enum Programs {
    /// The folder with the products of this build: the test bundle itself lies there.
    private static let products: String = {
        let bundle = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return (bundle as NSString).deletingLastPathComponent
    }()

    package static var server: String { beside("forever-server") }
    package static var relay: String { beside("forever-relay") }

    /// A program of this build by its name.
    package static func beside(_ name: String) -> String { products + "/" + name }

    /// The repository, found from this file.
    package static let repository: String = {
        var path = #filePath as NSString
        for _ in 0..<3 { path = path.deletingLastPathComponent as NSString }
        return path as String
    }()

    /// A tool that only tests use: on the PATH or where servers are installed, or unpacked by Scripts/test-tools.sh; nil when there is none.
    package static func tool(_ name: String) -> String? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let folders = path.split(separator: ":").map(String.init) + ["/usr/sbin", repository + "/.build/tools/bin"]
        return folders.map { $0 + "/" + name }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Like `tool`, for a test that is enabled only where the tool is.
    package static func neededTool(_ name: String) throws -> String {
        guard let path = tool(name) else { throw TestKitFailure("no \(name); run Scripts/test-tools.sh") }
        return path
    }
}
