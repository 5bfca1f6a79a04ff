/// Which relays a root knows by name, and which invitations are out. Pure: time and randomness are handed in.
public struct RelayKeyring: Hashable, Sendable {
    /// Relays kept, those revoked too. **Units:** entries; a kilobyte each in the file.
    public static let membersMax = 1_024
    public static let invitationsMax = 1_024
    public static let nameBytesMax = 64
    /// An invitation that is over is kept so long, for a clear answer to who comes with it.
    static let keptMilliseconds: Int64 = 7 * 86_400_000

    public internal(set) var members: [RelayMember] = []
    public internal(set) var invitations: [RelayInvitation] = []

    public init() {}

    public subscript(_ id: String) -> RelayMember? { members.first { $0.id == id } }

    // MARK: Invitations

    /// Makes an invitation; nil when too many are out.
    public mutating func invite(
        name: String?, listenerLimit: Int?, expiresAtMilliseconds: Int64, wallMilliseconds now: Int64,
        using generator: inout some RandomNumberGenerator
    ) -> RelayInvitation? {
        invitations.removeAll { now - $0.expiresAtMilliseconds > Self.keptMilliseconds }
        guard invitations.count < Self.invitationsMax else { return nil }
        let invitation = RelayInvitation(
            id: Epoch(using: &generator).description,
            secret: RelaySecret(count: RelayInvitation.secretBytes, using: &generator), name: name,
            listenerLimit: listenerLimit, expiresAtMilliseconds: expiresAtMilliseconds, redemption: nil)
        invitations.append(invitation)
        return invitation
    }

    /// Invitations that somebody can still redeem.
    public func openInvitations(wallMilliseconds now: Int64) -> [RelayInvitation] {
        invitations.filter { $0.redemption == nil && !$0.isExpired(wallMilliseconds: now) }
    }

    /// Makes a relay of whoever holds an invitation, or answers the one who has it already the same again.
    public mutating func redeem(
        _ request: RelayJoin.Request, wallMilliseconds now: Int64, using generator: inout some RandomNumberGenerator,
        digest: KeyedDigest
    ) throws(JoinRefusal) -> RelayJoin.Reply {
        guard let index = invitations.firstIndex(where: { $0.id == request.invitation }) else { throw .unknown }
        let invitation = invitations[index]
        let expected = RelayProof.hexadecimal(
            digest(RelayJoin.requestMessage(invitation.id, request.nonce), invitation.secret.bytes))
        guard RelayProof.isEqual(expected.utf8, request.digits.utf8) else { throw .wrongProof }
        guard !invitation.isExpired(wallMilliseconds: now) else { throw .expired }
        if let redemption = invitation.redemption {
            guard redemption.relayNonce == request.nonce else { throw .used }
            return reply(to: request, invitation, redemption, digest)
        }
        guard members.count < Self.membersMax else { throw .full }
        let redemption = RelayInvitation.Redemption(
            relayNonce: request.nonce, rootNonce: RelayProof.Nonce(using: &generator),
            relay: Epoch(using: &generator).description)
        invitations[index].redemption = redemption
        members.append(
            RelayMember(
                id: redemption.relay, key: key(invitation, redemption, digest), name: invitation.name,
                listenerLimit: invitation.listenerLimit, joinedAtMilliseconds: now))
        return reply(to: request, invitation, redemption, digest)
    }

    private func key(
        _ invitation: RelayInvitation, _ redemption: RelayInvitation.Redemption, _ digest: KeyedDigest
    ) -> RelaySecret {
        RelayJoin.key(
            secret: invitation.secret, invitation: invitation.id, id: redemption.relay,
            relayNonce: redemption.relayNonce, rootNonce: redemption.rootNonce, digest: digest)
    }

    private func reply(
        to request: RelayJoin.Request, _ invitation: RelayInvitation, _ redemption: RelayInvitation.Redemption,
        _ digest: KeyedDigest
    ) -> RelayJoin.Reply {
        RelayJoin.Reply(
            id: redemption.relay, nonce: redemption.rootNonce, to: request,
            key: key(invitation, redemption, digest), digest: digest)
    }

    // MARK: Relays

    /// Changes a relay; false when it is not here.
    @discardableResult
    public mutating func change(_ id: String, _ body: (inout RelayMember) -> Void) -> Bool {
        guard let index = members.firstIndex(where: { $0.id == id }) else { return false }
        body(&members[index])
        return true
    }

    /// Drops a relay until the operator restores it; one that came with the shared token is remembered for that.
    public mutating func distrust(_ id: String, at url: String?, because reason: String, wallMilliseconds now: Int64) {
        if change(id, { $0.distrust = reason }) { return }
        guard members.count < Self.membersMax else { return }
        var member = RelayMember(id: id, key: nil, joinedAtMilliseconds: now)
        member.distrust = reason
        member.droppedAt = url
        members.append(member)
    }

    /// The relay with the shared token that was dropped at this address, and not restored since.
    func droppedWithoutKey(at url: String?) -> RelayMember? {
        guard let url else { return nil }
        return members.first { $0.distrust != nil && $0.key == nil && $0.droppedAt == url }
    }

    /// The relays that a word on the command line can mean: the one with this id, else those with this name.
    public func matching(_ word: String) -> [RelayMember] {
        if let member = self[word] { return [member] }
        return members.filter { $0.name == word }
    }
}
