import Foundation

/// Programs that may be on this machine or not.
enum Tools {
    /// Where a program is; nil when it is not on the PATH.
    static func path(of name: String) -> String? {
        let search = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let folders = search.split(separator: ":").map { String($0) } + ["/usr/sbin"]
        return folders.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// A program of this package, from the folder that this one is in.
    static func ours(_ name: String) throws(BenchError) -> String {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let path = (own as NSString).deletingLastPathComponent + "/" + name
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw BenchError("\(name) is not built: swift build -c release --product \(name)")
        }
        return path
    }

    /// Runs a program to its end; nil when it is missing or fails.
    static func output(of name: String, _ arguments: [String], errors: Bool = false) -> String? {
        guard let path = path(of: name) else { return nil }
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = errors ? FileHandle.nullDevice : pipe
        process.standardError = errors ? pipe : FileHandle.nullDevice
        guard (try? process.run()) != nil else { return nil }
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return process.terminationStatus == 0 ? String(decoding: data, as: UTF8.self) : nil
    }
}
