import ForeverHTTP
import ForeverRelay
import Testing

@Suite struct PullTicketTests {
    private let child = "child00000000000"
    private let parentSign = TestWorld.signer(5)
    private let childSign = TestWorld.signer(6)
    private let now: Int64 = 1_700_000_000_000

    private func ticket(_ generator: inout SeededGenerator, expires: Int64 = 1_700_000_600_000) -> PullTicket {
        PullTicket(
            child: child, expiresMilliseconds: expires, using: &generator, parentSign: parentSign, childSign: childSign)
    }

    private func field(
        _ ticket: PullTicket, _ generator: inout SeededGenerator, target: String = "/all.mp3", time: Int64? = nil,
        sign: MessageSigner? = nil
    ) -> String {
        let key = ticket.key(childSign: sign ?? childSign)
        return TicketProof.authorization(
            ticket, method: .GET, target: target, wallMilliseconds: time ?? now, using: &generator,
            sign: { TestWorld.digest($0, key) })
    }

    private func accepts(_ checker: TicketChecker, _ field: String?, _ now: Int64) -> Bool {
        checker.relay(authorization: field, method: .GET, target: "/all.mp3", rootMilliseconds: now) == child
    }

    @Test func theParentMakesTheKeyAgainByItself() throws {
        var generator = SeededGenerator(1)
        let made = ticket(&generator)
        let read = try #require(PullTicket(made.text, child: child))
        #expect(read == made)
        let key = PullTicket.key(child: child, expiresMilliseconds: made.expiresMilliseconds, parentSign: parentSign)
        #expect(read.key(childSign: childSign) == key)
        #expect(made.masked != key, "the key does not travel")
        #expect(ticket(&generator).masked != made.masked, "another mask each time")
    }

    @Test func holdsOnceInTimeAndForOneRelay() throws {
        var generator = SeededGenerator(2)
        let checker = TicketChecker(parentSign: parentSign, digest: TestWorld.digest)
        let made = ticket(&generator)
        let good = field(made, &generator)
        #expect(accepts(checker, good, now + 500))
        #expect(!accepts(checker, good, now + 501), "a copied request")
        #expect(accepts(checker, field(made, &generator), now), "the ticket itself serves again")
        #expect(!accepts(checker, field(made, &generator, target: "/other"), now))
        #expect(!accepts(checker, field(made, &generator, time: now - 120_001), now))
        #expect(!accepts(checker, field(made, &generator, sign: TestWorld.signer(7)), now), "another's ticket")
        #expect(!accepts(checker, field(made, &generator, time: now + 600_001), now + 600_001), "too late")
        #expect(accepts(checker, field(made, &generator, time: now + 600_000), now + 600_000))
        let far = ticket(&generator, expires: now + 3_600_000)
        #expect(!accepts(checker, field(far, &generator), now), "no root gives tickets for an hour")
        let elsewhere = TicketChecker(parentSign: TestWorld.signer(8), digest: TestWorld.digest)
        #expect(!accepts(elsewhere, field(made, &generator), now), "for another parent")
        #expect(!accepts(checker, nil, now))
    }

    @Test(arguments: [
        "", "1", "1.2.3", "x.00000000000000000000000000000000.00", "1.0000000000000000000000000000000.00",
        "1.00000000000000000000000000000000.", "1.00000000000000000000000000000000.0",
        "1.00000000000000000000000000000000.zz", "1.00000000000000000000000000000000.00.00",
    ])
    func otherTextIsNoTicket(text: String) {
        #expect(PullTicket(text, child: child) == nil)
    }

    @Test(arguments: [
        "", "Forever-Ticket", "Forever-Ticket id=child00000000000",
        "Forever-Ticket id=short, expires=1, time=1, nonce=00000000000000000000000000000000, proof=00",
        "Forever-Ticket id=child00000000000, id=child00000000000, expires=9223372036854775807, "
            + "time=1, nonce=00000000000000000000000000000000, proof=00",
        "Forever-Ticket id=child00000000000, expires=9223372036854775807, time=-9223372036854775808, "
            + "nonce=00000000000000000000000000000000, proof=00",
    ])
    func otherFieldsAreRefused(field: String) {
        let checker = TicketChecker(parentSign: parentSign, digest: TestWorld.digest)
        #expect(!accepts(checker, field, now))
        #expect(!accepts(checker, field, .max), "no sum overflows")
    }
}
