import ForeverHTTP

extension StreamService {
    /// `/all.mp3`: sound, a relay's address, or why not.
    func stream(_ request: Request) -> Response {
        let isRelay = comesFromRelay(request)
        if !isRelay, sendBack != nil, isLeaving || isOverBudget {
            // Not worth waking up for.
            return sentBack(request, HopTrail(query: request.query)) ?? unavailable()
        }
        onWanted?()
        guard let fanout else { return unavailable() }
        advance()
        guard fanout.feed.hasBegun, !awaitsFeed else { return wait(request) }
        if isRelay { return relayStream(request, fanout) }
        if settings.answersRangeProbes, let count = RangeProbe.byteCount(request),
            let bytes = fanout.feed.ring.withBytes(at: fanout.joinPosition, count: Int(count), { Array($0) })
        {
            return RangeProbe.answer(bytes)
        }
        let name = request.query("listener").flatMap { ListenerName($0) }
        let trail = HopTrail(query: request.query)
        if let elsewhere = relayed(request, trail, name, fanout) { return elsewhere }
        guard takesListeners(fanout) else { return sentBack(request, trail) ?? unavailable() }

        let interval = StreamQuestion.wantsMetadata(request) ? ICYMetadata.intervalBytes : 0
        return sound(
            request, fanout, kind: .listener, from: fanout.joinPosition, metadataInterval: interval, name: name)
    }

    private func comesFromRelay(_ request: Request) -> Bool {
        guard let field = request.headers["Authorization"] else { return false }
        return field.hasPrefix(RelayProof.scheme + " ") || field.hasPrefix(TicketProof.scheme + " ")
    }

    /// A relay with credentials: from where it wants, up to the mixing edge.
    private func relayStream(_ request: Request, _ fanout: FanoutGroup) -> Response {
        if let refusal = refusalOfPlain(request) { return refusal }
        guard let id = provenRelay?(request) else { return unauthorized() }
        if fanout.connectionCount >= fanout.settings.connectionsMax { return unavailable() }
        let feed = fanout.feed
        let start = StreamQuestion.relayStart(
            epoch: request.headers["Forever-Epoch"], position: request.headers["Forever-Position"],
            current: feed.epoch, oldest: feed.oldest, edge: feed.edge, join: fanout.joinPosition)
        guard case .at(let position) = start else {
            var response = Response.text("another epoch, or a position that is not mixed yet", status: .conflict)
            StreamHeaders.addPosition(fanout.joinPosition, of: feed, to: &response.headers)
            StreamHeaders.addNoCache(to: &response.headers)
            return response
        }
        switch admitRelay?(id) ?? .welcome {
        case .welcome:
            // A relay that comes again has given up the connection it had, though we may not have heard so.
            fanout.cut(RelayTag(id))
            return sound(
                request, fanout, kind: .relay, from: position, metadataInterval: 0, name: nil, owner: RelayTag(id))
        case .full: return unavailable()
        case .elsewhere(let source):
            var response = Response.redirect(to: source.address.description)
            response.headers.add("Forever-Source", source.id ?? "")
            if let ticket = source.ticket { response.headers.add("Forever-Ticket", ticket.text) }
            return response
        }
    }

    private func sound(
        _ request: Request, _ fanout: FanoutGroup, kind: ListenerKind, from position: StreamPosition,
        metadataInterval: Int, name: ListenerName?, owner: RelayTag = .none
    ) -> Response {
        if let onListener, kind == .listener, request.method == .GET { onListener(ListenerOrigin(request)) }
        var headers = StreamHeaders.audio(
            profile, format: fanout.feed.format, metadataInterval: metadataInterval,
            stationURL: ownURL(for: request))
        StreamHeaders.addPosition(position, of: fanout.feed, to: &headers)
        if kind == .relay, !path.isEmpty { headers.add("Forever-Path", path.joined(separator: ", ")) }
        return .takeover(headers: headers, headFirst: false) { [weak self] connection in
            // From here on the fan-out counts it.
            connection.meter?.handedOver(connection.fd)
            let transport = connection.transport
            guard let self, self.fanout === fanout else { return transport.close() }
            let channel = transport.releaseChannel()
            guard let fd = channel?.fd ?? transport.releaseFileDescriptor() else { return transport.close() }
            // Of answers before, the channel may hold a record that has not left yet.
            let head = connection.unsentBytes.dropFirst(channel?.pendingBytes ?? 0)
            var new = NewListener(
                fd: fd, kind: kind, from: position, head: Array(head), metadataInterval: metadataInterval, name: name,
                agent: AgentFamily(userAgent: request.headers["User-Agent"]),
                place: connection.ticket.map { AddressPlace($0) }, channel: channel)
            new.owner = owner
            fanout.join(new)
        }
    }

    private func takesListeners(_ fanout: FanoutGroup) -> Bool {
        let isFull = listenerLimit.map { fanout.statistics.connections >= $0 } ?? false
        return !isFull && !isLeaving && !isOverBudget && fanout.connectionCount < fanout.settings.connectionsMax
    }

    /// 302 to a relay when this server has as many listeners as it wants, or takes none any more, and a relay has room.
    private func relayed(
        _ request: Request, _ trail: HopTrail, _ name: ListenerName?, _ fanout: FanoutGroup
    ) -> Response? {
        guard let chooseRelay, !trail.isSpent else { return nil }
        let isOver = settings.relayLimit.map { fanout.statistics.connections >= $0 } ?? false
        guard isOver || isOverBudget || isLeaving, let url = chooseRelay(RelayQuestion(request, leftOut: trail.ids))
        else {
            return nil
        }
        if let name, request.method == .GET { fanout.maps.redirect(name, to: url, now: loop.nowNanoseconds) }
        return redirect("\(url)/all.mp3" + (request.query.map { "?\($0)" } ?? ""))
    }

    /// 302 back to the root, which leaves this relay out then.
    private func sentBack(_ request: Request, _ trail: HopTrail) -> Response? {
        guard !trail.isSpent, let (root, id) = sendBack?(), let query = trail.query(adding: id) else { return nil }
        return redirect("\(root)/all.mp3\(query)")
    }

    private func redirect(_ address: String) -> Response {
        var response = Response.redirect(to: address)
        response.headers.add("Expires", StreamHeaders.expired)
        response.headers.add("Pragma", "no-cache")
        return response
    }

    /// 403 for credentials that came by plain http over ways on which strangers may listen; nil when they did not.
    public func refusalOfPlain(_ request: Request) -> Response? {
        if settings.isInsecure || request.effectiveScheme == "https" { return nil }
        guard let client = request.clientAddress, !PlainPath.isSafe(client) else { return nil }
        var response = Response.text(
            "no relay credentials by plain http from \(client.host): \(PlainPath.reason)", status: .forbidden)
        response.headers.add("Cache-Control", "no-store")
        return response
    }

    /// 401, with this server's time for a relay whose clock is wrong.
    public func unauthorized() -> Response {
        var response = Response.text("relay credentials are wanted, or these are wrong", status: .unauthorized)
        response.headers.add("WWW-Authenticate", RelayProof.scheme)
        response.headers.add("Forever-Time", String(rootMilliseconds?() ?? loop.wallMilliseconds))
        response.headers.add("Cache-Control", "no-store")
        return response
    }
}
