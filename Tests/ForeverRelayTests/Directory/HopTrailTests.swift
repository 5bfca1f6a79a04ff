import ForeverRelay
import Testing

@Suite struct HopTrailTests {
    @Test func addsItsIdAndKeepsTheRest() {
        #expect(HopTrail(query: nil).query(adding: "a1") == "?not=a1")
        #expect(HopTrail(query: "listener=00ff&x").query(adding: "a1") == "?listener=00ff&x&not=a1")
        let once = HopTrail(query: "not=a1&listener=00ff")
        #expect(once.ids == ["a1"] && !once.isSpent)
        #expect(once.query(adding: "b2") == "?listener=00ff&not=a1,b2")
        #expect(once.query(adding: "a1") == nil, "in circles")
        let twice = HopTrail(query: "listener=00ff&not=a1,b2")
        #expect(twice.isSpent && twice.ids == ["a1", "b2"])
    }

    @Test func whatIsNoIdIsNotThere() {
        let odd = HopTrail(query: "not=&not=%20,a b,<x>,\(String(repeating: "a", count: 65))&nothing=1")
        #expect(odd.ids.isEmpty && odd.query(adding: "a1") == "?nothing=1&not=a1")
        let many = HopTrail(query: "not=" + (0..<1_000).map { "a\($0)" }.joined(separator: ","))
        #expect(many.isSpent && many.ids.count <= 3)
    }
}
