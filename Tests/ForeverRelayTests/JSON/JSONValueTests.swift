import ForeverRelay
import Testing

@Suite struct JSONValueTests {
    @Test(arguments: [
        "null", "true", "[1,-2,3.5]", "{\"a\":{\"b\":[]},\"c\":\"\"}", "\"\\\"\\\\\\n\\u0001é🎵\"",
        "9223372036854775807",
    ])
    func comesBackAsItWas(text: String) throws {
        #expect(try JSONParser.parse(Array(text.utf8)).line == text)
    }

    @Test func readsEscapes() throws {
        #expect(try JSONParser.parse(Array("\"\\u00e9\\ud83c\\udfb5\\/\"".utf8)) == .string("é🎵/"))
    }

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\":1,}", "{\"a\":1,\"a\":2}", "01", "1.", "+1", "nul", "\"\\ud83c\"", "\"\\x\"", "1 2",
        "'a'",
        "\"a\nb\"", "// c\n1", "1e999", "{a:1}",
    ])
    func refusesWhatIsNotJSON(text: String) {
        #expect(throws: JSONError.self) { try JSONParser.parse(Array(text.utf8)) }
    }

    @Test func refusesDeepNestingAndBrokenText() {
        #expect(throws: JSONError.self) { try JSONParser.parse(Array(repeating: UInt8(ascii: "["), count: 100_000)) }
        #expect(throws: JSONError.self) { try JSONParser.parse([0x22, 0xC3, 0x22]) }
    }

    /// Finding repeated names by looking through all of them takes minutes here.
    @Test func readsManyNames() throws {
        let members = (0..<200_000).map { "\"\($0)\":0" }.joined(separator: ",")
        #expect(try JSONParser.parse(Array("{\(members)}".utf8))["199999"]?.integer == 0)
        #expect(throws: JSONError.self) { try JSONParser.parse(Array("{\(members),\"7\":0}".utf8)) }
    }

    @Test func findsMembers() throws {
        let value = try JSONParser.parse(Array("{\"n\":3.0,\"s\":\"t\",\"b\":false,\"a\":[1]}".utf8))
        #expect(value["n"]?.integer == 3)
        #expect(value["s"]?.string == "t")
        #expect(value["b"]?.bool == false)
        #expect(value["a"]?.array == [1])
        #expect(value["x"] == nil)
    }
}
