import Foundation
import ForeverHTTP
import ForeverTestKit
import Testing

struct LimitsDocumentTests {
    /// Docs/HTTP.md names every limit, with the value that it has.
    @Test func everyLimitIsDocumentedWithItsValue() throws {
        let text = try String(contentsOfFile: Programs.repository + "/Docs/HTTP.md", encoding: .utf8)
        let limits = Mirror(reflecting: HTTPLimits()).children
        #expect(limits.count > 15)
        for (name, value) in limits {
            let shown = "\(value)"
            #expect(text.contains("| `\(name ?? "")` | \(shown) |"), "\(name ?? "") is \(shown)")
        }
    }
}
