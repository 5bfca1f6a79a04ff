import Foundation
import ForeverTestKit

/// The repository's own files, read as data.
enum SourceTree {
    struct File: Sendable, CustomStringConvertible {
        /// From the repository's top, for example "Sources/ForeverMix/DSP/FFT.swift".
        let path: String
        let lines: [String]

        var description: String { path }
        var name: String { String(path.split(separator: "/").last ?? "") }
    }

    static let root = Programs.repository

    /// Every Swift, C and page file of Sources and Tests, sorted by path.
    static let files: [File] = {
        let endings: Set = ["swift", "c", "h", "js", "css", "html"]
        return ["Sources", "Tests"].flatMap { folder -> [File] in
            let paths = FileManager.default.enumerator(atPath: root + "/" + folder)?.compactMap { $0 as? String } ?? []
            return paths.filter { endings.contains(($0 as NSString).pathExtension) }.sorted().map { path in
                File(path: "\(folder)/\(path)", lines: text("\(folder)/\(path)").components(separatedBy: "\n"))
            }
        }
    }()

    static func text(_ path: String) -> String {
        (try? String(contentsOfFile: root + "/" + path, encoding: .utf8)) ?? ""
    }

    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: root + "/" + path) }
}
