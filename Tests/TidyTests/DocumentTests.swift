import Foundation
import Testing

@Suite struct DocumentTests {
    /// README, the other pages at the top, and all of Docs.
    private static let documents: [String] = {
        let docs = FileManager.default.enumerator(atPath: SourceTree.root + "/Docs")?.compactMap { $0 as? String } ?? []
        return ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"]
            + docs.filter { $0.hasSuffix(".md") }.map { "Docs/" + $0 }.sorted()
    }()

    /// Paths written in backquotes that begin like one of ours; a pattern or a placeholder is not one.
    static func namedPaths(_ text: String) -> [String] {
        let starts = ["Sources/", "Tests/", "Docs/", "Scripts/", ".ci/"]
        let pieces = text.components(separatedBy: "`").enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
        return pieces.filter { piece in
            starts.contains { piece.hasPrefix($0) } && !piece.contains(where: { " *<>{\n".contains($0) })
        }
    }

    /// Targets of Markdown links that are files here, relative to the document.
    static func linkedFiles(_ text: String) -> [String] {
        text.components(separatedBy: "](").dropFirst().compactMap { rest in
            let target = rest.prefix { $0 != ")" && $0 != "#" && $0 != "\n" }
            return target.isEmpty || target.contains("://") || target.hasPrefix("mailto:") ? nil : String(target)
        }
    }

    @Test func everyPathThatADocumentNamesExists() {
        #expect(Self.documents.count >= 5)
        for document in Self.documents {
            let text = SourceTree.text(document)
            #expect(!text.isEmpty, "\(document) is missing or empty")
            for path in Self.namedPaths(text) {
                #expect(SourceTree.exists(path), "\(document) names `\(path)`, which does not exist")
            }
            let folder = (document as NSString).deletingLastPathComponent
            for file in Self.linkedFiles(text) {
                let path = folder.isEmpty ? file : folder + "/" + file
                #expect(SourceTree.exists(path), "\(document) links to \(file), which does not exist")
            }
        }
    }

    /// `SuiteTests` and `SuiteTests.test` in backquotes: what a promise is held by.
    static func namedTests(_ text: String) -> [(suite: String, test: String?)] {
        text.components(separatedBy: "`").enumerated().filter { $0.offset % 2 == 1 }.compactMap { piece in
            let parts = piece.element.split(separator: ".", omittingEmptySubsequences: false)
            let isWord = { (part: Substring) in !part.isEmpty && part.allSatisfy { $0.isLetter || $0.isNumber } }
            guard (1...2).contains(parts.count), parts.allSatisfy(isWord), parts[0].hasSuffix("Tests"),
                parts[0] != "Tests", parts.count == 2 || parts[0].first?.isUppercase == true
            else { return nil }
            return (String(parts[0]), parts.count == 2 ? String(parts[1]) : nil)
        }
    }

    @Test func everyTestThatTheThreatModelNamesExists() {
        let named = Self.namedTests(SourceTree.text("Docs/ThreatModel.md"))
        #expect(named.count > 20)
        for (suite, test) in named {
            let file = SourceTree.files.first { $0.name == "\(suite).swift" }
            #expect(file != nil, "Docs/ThreatModel.md names `\(suite)`, which does not exist")
            guard let file, let test else { continue }
            let isThere = file.lines.contains { $0.contains("func \(test)(") }
            #expect(isThere, "Docs/ThreatModel.md names `\(suite).\(test)`, which does not exist")
        }
    }

    @Test func namedTestsAreRead() {
        let named = Self.namedTests(
            "see `RingTests`, `RingTests.wraps`, `Tests/RingTests`, `ring.tests` and `swift test`")
        #expect(named.map(\.suite) == ["RingTests", "RingTests"] && named.map(\.test) == [nil, "wraps"])
    }

    @Test func everyMakeTargetThatADocumentNamesExists() {
        let makefile = SourceTree.text("Makefile")
        for document in Self.documents {
            for piece in SourceTree.text(document).components(separatedBy: "`make ").dropFirst() {
                let target = String(piece.prefix { $0.isLetter || $0 == "-" })
                #expect(makefile.contains("\n\(target):"), "\(document) names `make \(target)`, which does not exist")
            }
        }
    }
}
