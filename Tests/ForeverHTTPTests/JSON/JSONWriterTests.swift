import ForeverHTTP
import Foundation
import Testing

struct JSONWriterTests {
    @Test func isReadBackAsItWasMeant() throws {
        let odd =
            String((0..<0x180).compactMap { Unicode.Scalar($0).map(Character.init) }) + "</script>\u{1F3B5}\u{2028}"
        var json = JSONWriter()
        json.object { json in
            json.field("odd\"key", odd)
            json.field("count", Int64.max)
            json.field("ratio", 0.1)
            json.field("whole", 3.0)
            json.field("none", nil as String?)
            json.field("infinite", Double.infinity)
            json.field("yes", true)
            json.array("list") { json in
                json.value(1)
                json.object { _ in }
                json.array { $0.value("x") }
            }
            json.field("raw", json: Array("[1,2]".utf8))
            json.null("end")
        }
        let text = String(decoding: json.bytes, as: UTF8.self)
        #expect(
            text.contains("\"count\":9223372036854775807,\"ratio\":0.1,\"whole\":3,\"none\":null,\"infinite\":null"))
        #expect(text.contains("\"list\":[1,{},[\"x\"]],\"raw\":[1,2],\"end\":null}"))
        #expect(!text.contains("</"))
        let read = try #require(JSONSerialization.jsonObject(with: Data(json.bytes)) as? [String: Any])
        #expect(read["odd\"key"] as? String == odd)
        #expect(read.count == 10)
    }
}
