import Foundation
import Testing

@Suite struct FileTests {
    private static let linesMax = 500

    @Test func noFileIsLongerThanAReaderBears() {
        for file in SourceTree.files {
            #expect(file.lines.count <= Self.linesMax, "\(file.path) has \(file.lines.count) lines: split it by nouns")
        }
    }

    @Test func nothingIsLeftForLater() {
        // Put together here, so that this file does not find itself.
        let marks = ["TO" + "DO", "FIX" + "ME", "XX" + "X:"]
        for file in SourceTree.files {
            for (number, line) in file.lines.enumerated() {
                let mark = marks.first { line.contains($0) }
                #expect(mark == nil, "\(file.path):\(number + 1) says \(mark ?? ""): do it, or file an issue")
            }
        }
    }

    @Test func thePackageDependsOnNoOther() {
        let manifest = SourceTree.text("Package.swift")
        #expect(manifest.contains("let package = Package("))
        #expect(!manifest.contains(".package("), "Package.swift names another package")
    }

    @Test func thePageAsksNobodyElse() {
        let pages = SourceTree.files.filter { $0.path.hasPrefix("Sources/forever-server/Pages/") }
        #expect(!pages.isEmpty)
        for file in pages {
            for line in file.lines {
                let outside = line.range(of: "https?://[a-z0-9]", options: .regularExpression)
                // The name of the SVG language is no address that is fetched.
                let allowed = outside == nil || line.contains("http://www.w3.org/2000/svg")
                #expect(allowed, "\(file.path) names an outside address: \(line)")
            }
        }
    }
}
