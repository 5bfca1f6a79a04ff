import ForeverHTTP
import ForeverRelay
import Testing

private let relay = "relay00000000000A"
private let other = "relay00000000000B"

@Suite struct RelayProofTests {
    private func field(
        key: UInt64 = 1, id: String = relay, target: String = "/relays", body: String = "{}", time: Int64 = 1_000_000,
        generator: inout SeededGenerator
    ) -> String {
        RelayProof.authorization(
            id: id, method: .POST, target: target, body: Array(body.utf8), wallMilliseconds: time, using: &generator,
            sign: TestWorld.signer(key))
    }

    /// Two relays with keys of their own; nobody else may come.
    private func checker() -> RelayProofChecker {
        RelayProofChecker { [relay: TestWorld.signer(1), other: TestWorld.signer(2)][$0] }
    }

    private func accepts(
        _ checker: RelayProofChecker, _ field: String?, _ target: String = "/relays", _ body: String = "{}",
        now: Int64 = 1_000_000
    ) -> Bool {
        checker.relay(
            authorization: field, method: .POST, target: target, body: Array(body.utf8), wallMilliseconds: now) != nil
    }

    @Test func acceptsOnlyTheSecretOnceAndInTime() throws {
        var generator = SeededGenerator(1)
        let checker = checker()
        let good = field(generator: &generator)
        #expect(accepts(checker, good, now: 1_000_500))
        #expect(!accepts(checker, good, now: 1_000_501), "a copied request")
        #expect(!accepts(checker, field(key: 2, generator: &generator)), "another secret")
        #expect(!accepts(checker, field(generator: &generator), "/all.mp3"), "another path")
        #expect(!accepts(checker, field(generator: &generator), "/relays", "{\"listeners\":9}"), "another body")
        #expect(!accepts(checker, field(time: 1_000_000 - 120_001, generator: &generator)))
        #expect(!accepts(checker, field(time: 1_000_000 + 120_001, generator: &generator)))
        #expect(accepts(checker, field(time: 880_000, generator: &generator)))
        #expect(!accepts(checker, nil))
    }

    @Test func everyDigitOfAProofCounts() throws {
        var generator = SeededGenerator(9)
        for _ in 0..<20 {
            let checker = checker()
            let good = field(generator: &generator)
            let start = try #require(good.utf8.count > 16 ? good.utf8.count - 16 : nil)
            for index in start..<good.utf8.count {
                for digit in "0123456789abcdef".utf8 {
                    var bytes = Array(good.utf8)
                    guard bytes[index] != digit else { continue }
                    bytes[index] = digit
                    #expect(!accepts(checker, String(decoding: bytes, as: UTF8.self)))
                }
            }
            #expect(accepts(checker, good))
            // Other secrets, some of which must agree in the last digits.
            for key in UInt64(2)...200 { #expect(!accepts(checker, field(key: key, generator: &generator))) }
        }
    }

    @Test func aProofIsWorthNothingUnderAnotherId() {
        var generator = SeededGenerator(2)
        let checker = checker()
        #expect(accepts(checker, field(key: 2, id: other, generator: &generator)))
        #expect(!accepts(checker, field(key: 1, id: other, generator: &generator)), "signed with its own secret")
        let own = field(generator: &generator)
        let renamed = own.split(separator: relay).joined(separator: other)
        #expect(renamed != own && !accepts(checker, renamed), "only the id was changed")
        #expect(accepts(checker, own), "which did not use the honest one up")
        #expect(!accepts(checker, field(id: "relay00000000000C", generator: &generator)), "nobody knows this one")
        let proven = checker.relay(
            authorization: field(key: 2, id: other, generator: &generator), method: .POST, target: "/relays",
            body: Array("{}".utf8), wallMilliseconds: 1_000_000)
        #expect(proven == other)
    }

    @Test func whoFloodsLocksOutItselfOnly() {
        var generator = SeededGenerator(3)
        let checker = checker()
        let taken = (0..<2_000).count { _ in accepts(checker, field(key: 2, id: other, generator: &generator)) }
        #expect(taken == RelayProofChecker.noncesPerRelayMax)
        #expect(accepts(checker, field(generator: &generator)), "the other relay's reports are taken as before")
        let later: Int64 = 1_000_000 + 2 * RelayProofChecker.skewMillisecondsMax + 1
        #expect(accepts(checker, field(key: 2, id: other, time: later, generator: &generator), now: later))
    }

    @Test(arguments: [
        "", "Forever-Relay", "Forever-Relay time=1", "Basic abc", "Forever-Relay id=x, time=x, nonce=y, proof=z",
        "Forever-Relay id=relay00000000000A, time=-9223372036854775808, nonce=00000000000000000000000000000000, proof=00",
        "Forever-Relay time=1000, nonce=00000000000000000000000000000000, proof=00",
        "Forever-Relay id=relay00000000000A, id=relay00000000000A, time=1, nonce=00000000000000000000000000000000, proof=00",
    ])
    func refusesOtherFields(field: String) throws {
        #expect(!accepts(checker(), field, now: 1_000))
    }
}
