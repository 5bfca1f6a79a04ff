import ForeverHTTP
import ForeverRelay
import Testing

@Suite struct RelayChallengeTests {
    private let id = "0123456789abcdef"
    private let address = HTTPAddress("http://Relay.example:8193/")!
    private let nonce = RelayProof.Nonce("000102030405060708090a0b0c0d0e0f")!

    private func reply(_ json: JSONValue, status: Status = .ok) -> ClientReply {
        ClientReply(head: ResponseHead(status: status, version: .http11, headers: [:]), body: json.bytes)
    }

    private func objection(
        to json: JSONValue, nonce: RelayProof.Nonce? = nil, at other: HTTPAddress? = nil, key: UInt64 = 1
    ) -> String? {
        RelayChallenge.objection(
            to: reply(json), id: id, nonce ?? self.nonce, at: other ?? address, sign: TestWorld.signer(key))
    }

    @Test func onlyTheKeysAnswerToThisQuestionAtThisAddressCounts() throws {
        let answer = RelayChallenge.answer(id: id, nonce, at: address, sign: TestWorld.signer(1))
        #expect(objection(to: answer) == nil)
        #expect(objection(to: answer, at: HTTPAddress("http://relay.EXAMPLE:8193/")) == nil, "names have no case")
        #expect(objection(to: answer, nonce: RelayProof.Nonce("100102030405060708090a0b0c0d0e0f")) != nil, "of before")
        #expect(objection(to: answer, at: HTTPAddress("http://other.example:8193/")) != nil)
        #expect(objection(to: answer, at: HTTPAddress("http://relay.example:8194/")) != nil)
        #expect(objection(to: answer, key: 2) != nil)
        let other = RelayChallenge.answer(id: "fedcba9876543210", nonce, at: address, sign: TestWorld.signer(1))
        #expect(objection(to: other)?.contains("another relay") == true)
        #expect(objection(to: ["id": .string(id)])?.contains("no relay") == true)
        #expect(objection(to: []) != nil)
    }

    /// Whoever may ask for any number of answers still has nothing that a root takes.
    @Test func anAnswerIsNoProofOfARequest() throws {
        let answer = RelayChallenge.answer(id: id, nonce, at: address, sign: TestWorld.signer(1))
        let digits = try #require(answer["proof"]?.string)
        let checker = RelayProofChecker { _ in TestWorld.signer(1) }
        for method in [Method.GET, .POST] {
            let field = "Forever-Relay id=\(id), time=1000, nonce=\(nonce), proof=\(digits)"
            #expect(
                checker.relay(
                    authorization: field, method: method, target: "/relays", body: [], wallMilliseconds: 1_000) == nil)
        }
        // Each message begins with words that none of the others can begin with.
        let proof = String(decoding: RelayChallenge.message(id: id, nonce, host: "x", port: 1), as: UTF8.self)
        #expect(proof.hasPrefix("forever-relay address 1\n"))
    }
}
