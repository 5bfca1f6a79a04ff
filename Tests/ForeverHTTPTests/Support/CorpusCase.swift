import Foundation
import Testing

/// One file of `Tests/Corpus/http`.
struct CorpusCase: CustomTestStringConvertible, Sendable {
    let name: String
    let expected: String
    let bytes: [UInt8]

    var testDescription: String { name }

    /// Every case of a folder.
    static func all(_ folder: String) -> [CorpusCase] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Corpus/http/\(folder)")
        let files = (try? FileManager.default.contentsOfDirectory(at: root, includingPropertiesForKeys: nil)) ?? []
        return files.filter { $0.pathExtension == "http" }.sorted { $0.path < $1.path }.map { CorpusCase(file: $0) }
    }

    private init(file: URL) {
        let text = try! String(contentsOf: file, encoding: .utf8)
        let parts = text.split(separator: "\n", omittingEmptySubsequences: false)
        precondition(parts[0].hasPrefix("why: ") && parts[1].hasPrefix("expect: ") && parts[2] == "---", file.path)
        name = file.deletingPathExtension().lastPathComponent
        expected = String(parts[1].dropFirst(8))
        bytes = Self.unescaped(parts[3...].joined())
    }

    private static func unescaped(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\"), let kind = rest.popFirst() else {
                bytes.append(byte)
                continue
            }
            switch kind {
            case UInt8(ascii: "r"): bytes.append(13)
            case UInt8(ascii: "n"): bytes.append(10)
            case UInt8(ascii: "t"): bytes.append(9)
            case UInt8(ascii: "x"):
                bytes.append(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)!)
                rest = rest.dropFirst(2)
            default: bytes.append(kind)
            }
        }
        return bytes
    }
}
