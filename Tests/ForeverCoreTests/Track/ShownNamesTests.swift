import ForeverCore
import ForeverTestKit
import Foundation
import Testing

@Suite struct ShownNamesTests {
    struct Row: CustomTestStringConvertible {
        let fields: [String]
        var testDescription: String { fields[0] }
    }

    /// Invented titles as uploads carry them: title, performer, uploader, and what should be shown.
    static let corpus: [Row] = {
        let text =
            (try? String(contentsOfFile: Programs.repository + "/Tests/Corpus/titles/uploads.tsv", encoding: .utf8))
            ?? ""
        return text.split(separator: "\n").dropFirst().map { line in
            Row(fields: line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init))
        }
    }()

    @Test func theCorpusIsThere() {
        #expect(Self.corpus.count > 300)
        #expect(Self.corpus.allSatisfy { $0.fields.count == 5 })
    }

    @Test func everyTitleOfTheCorpusIsShownAsItShould() {
        for row in Self.corpus where row.fields.count == 5 {
            let fields = row.fields
            let names = ShownNames(
                title: fields[0], performer: fields[1].isEmpty ? nil : fields[1],
                uploader: fields[2].isEmpty ? nil : fields[2])
            #expect(
                names.artist == fields[3] && names.title == fields[4], "\(fields[0]): \(names.artist) | \(names.title)")
        }
    }

    @Test func whatIsShownIsNeverEmptyNorUnruly() {
        for raw in [
            "", " ", "\u{0}", "()", "[]", "- -", " by ", "by", "|", "\u{202E}gnp", String(repeating: "(", count: 9_000),
        ] {
            let names = ShownNames(title: raw)
            #expect(!names.title.isEmpty && !names.artist.isEmpty)
            #expect(names.title.count <= CoreLimits.titleCharactersMax)
            #expect(!names.title.unicodeScalars.contains { $0.value < 0x20 || (0x202A...0x202E).contains($0.value) })
        }
    }
}
