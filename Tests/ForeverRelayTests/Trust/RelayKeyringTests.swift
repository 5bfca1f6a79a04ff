import ForeverRelay
import Testing

private let hour: Int64 = 3_600_000

/// A keyring with one invitation out, made at time 0 and good for three days.
private struct Invited {
    var keyring = RelayKeyring()
    var random = SeededGenerator(1)
    let invitation: RelayInvitation

    init(name: String? = "attic", limit: Int? = 50) throws {
        invitation = try #require(
            keyring.invite(
                name: name, listenerLimit: limit, expiresAtMilliseconds: 72 * hour, wallMilliseconds: 0, using: &random)
        )
    }

    mutating func nonce() -> RelayProof.Nonce { RelayProof.Nonce(using: &random) }

    mutating func redeem(_ request: RelayJoin.Request, at now: Int64 = hour) throws(JoinRefusal) -> RelayJoin.Reply {
        try keyring.redeem(request, wallMilliseconds: now, using: &random, digest: TestWorld.digest)
    }
}

@Suite struct RelayKeyringTests {
    @Test func anInvitationBecomesAKeyThatBothSidesHave() throws {
        var it = try Invited()
        let request = RelayJoin.Request(code: it.invitation.code, nonce: it.nonce(), digest: TestWorld.digest)
        let reply = try it.redeem(request)
        let key = try #require(reply.key(for: request, code: it.invitation.code, digest: TestWorld.digest))
        let member = try #require(it.keyring[reply.id])
        #expect(member.key == key)
        #expect(member.name == "attic" && member.listenerLimit == 50 && member.isWelcome)
        #expect(it.keyring.openInvitations(wallMilliseconds: hour).isEmpty)
    }

    @Test func noSecretIsInWhatTravels() throws {
        var it = try Invited()
        let request = RelayJoin.Request(code: it.invitation.code, nonce: it.nonce(), digest: TestWorld.digest)
        let reply = try it.redeem(request)
        let key = try #require(it.keyring[reply.id]?.key)
        for travelled in [request.body, reply.body].map({ String(decoding: $0, as: UTF8.self) }) {
            #expect(!travelled.contains(it.invitation.secret.hexadecimal) && !travelled.contains(key.hexadecimal))
        }
        #expect("\(it.invitation.secret) \(key)".contains("secret of"), "nor in what is logged by mistake")
        #expect(!"\(it.invitation.secret)".contains(it.invitation.secret.hexadecimal))
    }

    @Test func aLostReplyCanBeAskedForAgainAndNobodyElseJoins() throws {
        var it = try Invited()
        let request = RelayJoin.Request(code: it.invitation.code, nonce: it.nonce(), digest: TestWorld.digest)
        let first = try it.redeem(request)
        #expect(try it.redeem(request, at: 71 * hour) == first)
        #expect(it.keyring.members.count == 1)
        let other = RelayJoin.Request(code: it.invitation.code, nonce: it.nonce(), digest: TestWorld.digest)
        #expect(throws: JoinRefusal.used) { try it.redeem(other) }
        #expect(throws: JoinRefusal.expired) { try it.redeem(request, at: 72 * hour) }
        #expect(it.keyring[first.id]?.isWelcome == true, "who joined stays")
    }

    @Test func expiredForeignAndWrongCodesAreRefused() throws {
        var it = try Invited()
        let good = it.invitation.code
        let late = RelayJoin.Request(code: good, nonce: it.nonce(), digest: TestWorld.digest)
        #expect(throws: JoinRefusal.expired) { try it.redeem(late, at: 72 * hour) }
        let foreign = RelayInvitation.Code(id: "00000000000000aa", secret: good.secret)
        let strange = RelayJoin.Request(code: foreign, nonce: it.nonce(), digest: TestWorld.digest)
        #expect(throws: JoinRefusal.unknown) { try it.redeem(strange) }
        let guessed = RelayInvitation.Code(id: good.id, secret: RelaySecret([UInt8](repeating: 7, count: 16)))
        let wrong = RelayJoin.Request(code: guessed, nonce: it.nonce(), digest: TestWorld.digest)
        #expect(throws: JoinRefusal.wrongProof) { try it.redeem(wrong) }
        #expect(it.keyring.members.isEmpty && it.keyring.openInvitations(wallMilliseconds: hour).count == 1)
    }

    @Test func whoOnlyHeardARequestCannotChangeIt() throws {
        var it = try Invited()
        var request = RelayJoin.Request(code: it.invitation.code, nonce: it.nonce(), digest: TestWorld.digest)
        request.nonce = it.nonce()
        #expect(throws: JoinRefusal.wrongProof) { try it.redeem(request) }
    }

    @Test func aRootThatDoesNotKnowTheSecretIsFoundOut() throws {
        var it = try Invited()
        let request = RelayJoin.Request(code: it.invitation.code, nonce: it.nonce(), digest: TestWorld.digest)
        var reply = try it.redeem(request)
        let honest = reply
        reply.id = "00000000000000bb"
        #expect(reply.key(for: request, code: it.invitation.code, digest: TestWorld.digest) == nil)
        reply = honest
        reply.nonce = it.nonce()
        #expect(reply.key(for: request, code: it.invitation.code, digest: TestWorld.digest) == nil)
        reply = honest
        reply.digits = RelayJoin.Request(code: it.invitation.code, nonce: it.nonce(), digest: TestWorld.digest).digits
        #expect(reply.key(for: request, code: it.invitation.code, digest: TestWorld.digest) == nil)
    }

    @Test func codesAreReadAsPeopleCopyThem() throws {
        let it = try Invited()
        let text = it.invitation.code.text
        #expect(RelayInvitation.Code(text) == it.invitation.code)
        #expect(RelayInvitation.Code("  \(text.uppercased())\n") == it.invitation.code)
        for wrong in [
            "", "-", text + "0", String(text.dropLast()), text.replacing("-", with: "_"), "x" + text.dropFirst(),
        ] {
            #expect(RelayInvitation.Code(wrong) == nil, "\(wrong)")
        }
    }

    @Test func theOperatorNamesLimitsRevokesAndRestores() throws {
        var it = try Invited()
        let request = RelayJoin.Request(code: it.invitation.code, nonce: it.nonce(), digest: TestWorld.digest)
        let id = try it.redeem(request).id
        #expect(it.keyring.matching("attic").map(\.id) == [id] && it.keyring.matching(id).count == 1)
        #expect(it.keyring.change(id) { $0.isRevoked = true })
        #expect(it.keyring[id]?.isWelcome == false)
        it.keyring.change(id) { $0.isRevoked = false }
        it.keyring.distrust(id, at: "http://r:1", because: "altered", wallMilliseconds: 0)
        it.keyring.distrust(
            "0123456789abcdef0123456789abcdef", at: "http://r:1", because: "altered too", wallMilliseconds: 0)
        #expect(it.keyring[id]?.isWelcome == false && it.keyring.members.count == 2)
        #expect(!it.keyring.change("nobody") { $0.isRevoked = true })
    }

    @Test func invitationsAreBounded() throws {
        var it = try Invited()
        for _ in 1..<RelayKeyring.invitationsMax {
            #expect(
                it.keyring.invite(
                    name: nil, listenerLimit: nil, expiresAtMilliseconds: hour, wallMilliseconds: 0, using: &it.random)
                    != nil)
        }
        func another(at now: Int64) -> RelayInvitation? {
            it.keyring.invite(
                name: nil, listenerLimit: nil, expiresAtMilliseconds: now + hour, wallMilliseconds: now,
                using: &it.random)
        }
        #expect(another(at: hour) == nil)
        #expect(another(at: 10 * 24 * hour) != nil, "those long over make room")
    }
}
