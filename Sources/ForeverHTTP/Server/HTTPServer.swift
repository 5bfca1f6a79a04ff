import Glibc

/// The HTTP/1.x server of one loop. **Thread:** the loop's.
public final class HTTPServer {
    public let loop: EventLoop
    public let router: Router
    public let limits: HTTPLimits
    public let cors: CORSPolicy
    /// The proxies whose `X-Forwarded-` fields are believed.
    public let proxies: TrustedProxies
    /// Connections of each address, those handed over too as long as their tickets are kept.
    public let addressCounts: AddressCounts
    /// Counts what its connections put on the wire, event streams too; those handed over count as long as the receiver says
    /// nothing else (`DetachedConnection.meter`).
    public var meter: WireMeter?
    /// The `Server` field.
    public let serverName: String
    var listeners: [Listener] = []
    var connections: [ObjectIdentifier: ServerConnection] = [:]
    private var dateSecond = Int64.min
    private var dateStored = ""
    var refused = RefusedConnection()
    var eviction = ConnectionEviction<ObjectIdentifier>()
    var heldTimer: TimerID?

    /// Connections refused because their address had its full number, since the start.
    public internal(set) var refusedCount: Int64 = 0
    /// Idle and slow connections that were closed for new ones, since the start.
    public internal(set) var evictedCount: Int64 = 0

    /// Requests answered or being answered, since the start.
    public internal(set) var requestCount: Int64 = 0
    /// Bytes the HTTP layer sent, since the start; not those of connections it handed over.
    public internal(set) var sentBytes: Int64 = 0
    /// Connections it holds now.
    public var connectionCount: Int { connections.count }

    /// Loops of one process that share `addressCounts` count together; without it the limits' own number holds here.
    public init(
        loop: EventLoop, router: Router, limits: HTTPLimits = HTTPLimits(), cors: CORSPolicy = CORSPolicy(),
        proxies: TrustedProxies = .none, addressCounts: AddressCounts? = nil, serverName: String = "Forever"
    ) {
        self.loop = loop
        self.router = router
        self.limits = limits
        self.cors = cors
        self.proxies = proxies
        self.addressCounts = addressCounts ?? AddressCounts(perAddressMax: limits.connectionsPerAddressMax)
        self.serverName = serverName
    }

    deinit {
        if let heldTimer { loop.cancel(heldTimer) }
        for connection in connections.values { connection.abandon() }
    }

    /// Listens and returns the port; 0 asks the system for a free one. No host means every address, IPv6 and IPv4.
    ///
    /// A host's name is looked up at once, on the calling thread. It may listen at several ports; `makeTransport` makes the
    /// transports of those accepted at this one, protected ones say; nil makes plain ones.
    /// **Errors:** what `bind` and `listen` say; `getaddrinfo` for a host that is unknown.
    @discardableResult
    public func listen(
        host: String? = nil, port: UInt16, makeTransport: ((Int32) -> any Transport)? = nil
    ) throws(SystemError) -> UInt16 {
        loop.requireLoopThread()
        guard let host else {
            do throws(SystemError) {
                return try listen(on: .any6(port: port), bothFamilies: true, makeTransport)
            } catch  where error.code == EAFNOSUPPORT || error.code == EADDRNOTAVAIL {
                return try listen(on: .any4(port: port), bothFamilies: false, makeTransport)
            }
        }
        let addresses = try Resolver.lookUp(host: host, port: port)
        var chosen = port
        var failure: SystemError?
        var count = 0
        for address in addresses {
            do throws(SystemError) {
                chosen = try listen(on: address.with(port: chosen), bothFamilies: false, makeTransport)
                count += 1
            } catch  where error.code == EAFNOSUPPORT || error.code == EADDRNOTAVAIL {
                failure = error  // a name may stand for an address that this machine does not have
            }
        }
        if let failure, count == 0 { throw failure }
        return chosen
    }

    private func listen(
        on address: SocketAddress, bothFamilies: Bool, _ makeTransport: ((Int32) -> any Transport)?
    ) throws(SystemError) -> UInt16 {
        let listener = try Listener(loop: loop, address: address, bothFamilies: bothFamilies)
        try listener.start(perTurnMax: limits.acceptsPerTurnMax, makeRoom: { [unowned self] in makeRoom() }) {
            [unowned self] in accepted($0, $1, makeTransport)
        }
        listeners.append(listener)
        return listener.port
    }

    /// Stops listening and closes every connection it holds. Those handed over stay.
    public func stop() {
        loop.requireLoopThread()
        for listener in listeners { listener.stop() }
        listeners = []
        acceptAgain()
        for connection in Array(connections.values) { connection.close() }
    }

    private func accepted(_ fd: Int32, _ peer: SocketAddress?, _ makeTransport: ((Int32) -> any Transport)?) {
        guard let admission = admission(of: peer) else { return refuse(fd, isPlain: makeTransport == nil) }
        let connection = ServerConnection(
            server: self, transport: makeTransport?(fd) ?? PlainTransport(fd: fd), peerAddress: peer,
            admission: admission)
        connections[ObjectIdentifier(connection)] = connection
        do throws(SystemError) {
            try connection.start()
        } catch {
            connection.close()
        }
        if connections.count >= limits.connectionsMax { for listener in listeners { listener.setFull(true) } }
    }

    func forget(_ connection: ServerConnection) {
        let wasFull = connections.count >= limits.connectionsMax
        guard let held = connections.removeValue(forKey: ObjectIdentifier(connection)) else { return }
        // Its own code is still running: it goes when the turn is over.
        loop.afterSockets { withExtendedLifetime(held) {} }
        if wasFull && connections.count < limits.connectionsMax {
            for listener in listeners { listener.setFull(false) }
            acceptAgain()
        }
    }

    /// The `Date` field, written once a second.
    var dateText: String {
        let second = loop.wallMilliseconds / 1_000
        if second != dateSecond {
            dateSecond = second
            dateStored = HTTPDate.text(unixSeconds: second)
        }
        return dateStored
    }
}
