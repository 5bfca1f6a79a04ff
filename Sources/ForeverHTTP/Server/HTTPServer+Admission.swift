/// What an accepted connection comes with.
struct ConnectionAdmission {
    /// Its place in its address's count; nil when it is not counted.
    var ticket: AddressTicket?
    /// Whether its requests are counted instead, each for the client that the proxy names.
    var countsClients = false
}

/// Who may connect, and who goes when there is no room.
extension HTTPServer {
    /// Nil to refuse. Without a limit per address nobody is looked at.
    func admission(of peer: SocketAddress?) -> ConnectionAdmission? {
        guard addressCounts.perAddressMax != nil, let address = peer.flatMap({ IPAddress($0) }) else {
            return ConnectionAdmission()
        }
        if proxies.contains(address) { return ConnectionAdmission(ticket: nil, countsClients: true) }
        return switch addressCounts.take(address) {
        case .refused: nil
        case .uncounted: ConnectionAdmission()
        case .taken(let ticket): ConnectionAdmission(ticket: ticket)
        }
    }

    /// A protected connection is closed without a word: the word would cost a handshake.
    func refuse(_ fd: Int32, isPlain: Bool) {
        refusedCount += 1
        if isPlain { return refused.refuse(fd, server: self) }
        PlainTransport(fd: fd).close()
    }

    /// Closes the connection that can best be spared. False when every one is at work: then new ones wait in the kernel's
    /// queue until one ends or `fullRetrySeconds` are over.
    func makeRoom() -> Bool {
        let spared = eviction.next(
            look: { connections.map { ($0.key, $0.value.standing) } }, standing: { connections[$0]?.standing })
        if let spared, let connection = connections[spared] {
            evictedCount += 1
            connection.close()
            return true
        }
        guard heldTimer == nil, !connections.isEmpty else { return false }
        for listener in listeners { listener.setHeld(true) }
        heldTimer = loop.schedule(after: .seconds(limits.fullRetrySeconds)) { [unowned self] in
            heldTimer = nil
            for listener in listeners { listener.setHeld(false) }
        }
        return false
    }

    /// There is room again.
    func acceptAgain() {
        guard let heldTimer else { return }
        loop.cancel(heldTimer)
        self.heldTimer = nil
        for listener in listeners { listener.setHeld(false) }
    }
}
