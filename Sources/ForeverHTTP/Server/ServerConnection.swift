/// One connection of the server: does on a socket what `ServerConnectionMachine` decides.
final class ServerConnection: Flushable {
    private unowned let server: HTTPServer
    private let loop: EventLoop
    private let transport: any Transport
    private let peerAddress: SocketAddress?
    private let countsClients: Bool
    private var ticket: AddressTicket?
    private var machine: ServerConnectionMachine
    private var registration: Registration?
    private var output: [UInt8] = []
    private var outputStart = 0
    private var isInFlushList = false
    /// Where the transport makes its acquaintance, what a read or a write waits for may be the other direction.
    private var readWaitsWritable = false
    private var writeWaitsReadable = false
    private var isPumping = false
    private var timer: TimerID?
    private var timerDeadline = Int64.max
    private var request: Request?
    private var ordinal = 0
    var goneHandler: (() -> Void)?

    init(
        server: HTTPServer, transport: any Transport, peerAddress: SocketAddress?, admission: ConnectionAdmission
    ) {
        self.server = server
        loop = server.loop
        self.transport = transport
        self.peerAddress = peerAddress
        ticket = admission.ticket
        countsClients = admission.countsClients
        machine = ServerConnectionMachine(limits: server.limits, now: server.loop.nowNanoseconds)
    }

    func start() throws(SystemError) {
        server.meter?.opened(transport.fd)
        registration = try loop.register(fd: transport.fd, interest: .readable) { [unowned self] in ready($0) }
        armTimer()
    }

    var standing: ConnectionStanding { machine.standing }
    private var waitingBytes: Int { output.count - outputStart }

    // MARK: Events

    private func ready(_ readiness: Readiness) {
        if readiness.contains(.broken) && !readiness.contains(.readable) { return close() }
        let isReadable = !readiness.isDisjoint(with: [.readable, .broken])
        let isWritable = readiness.contains(.writable)
        if isWritable || (isReadable && writeWaitsReadable) { flush() }
        if !machine.isClosed && machine.wantsInput && (isReadable || (isWritable && readWaitsWritable)) { readOnce() }
        settle()
    }

    private func readOnce() {
        let result = transport.read(into: loop.scratch)
        readWaitsWritable = result == .waitWritable
        switch result {
        case .moved(let count):
            machine.bytesArrived(UnsafeRawBufferPointer(rebasing: loop.scratch[..<count]), now: loop.nowNanoseconds)
            pump()
        case .ended:
            machine.peerFinished()
            pump()
        case .failed: close()
        case .waitReadable, .waitWritable: break
        }
    }

    private func pump() {
        guard !isPumping else { return }
        isPumping = true
        defer { isPumping = false }
        while true {
            switch machine.next(waitingOutputBytes: waitingBytes, now: loop.nowNanoseconds) {
            case .wait: return
            case .sendContinue: enqueue(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8))
            case .serve(let head, let body):
                serve(
                    Request(
                        head: head, body: body, peerAddress: peerAddress, proxies: server.proxies,
                        isProtected: transport.isProtected))
            case .refuse(let status, let reason): refuse(status, reason)
            case .finish: transport.finishWriting()
            case .close: return close()
            }
        }
    }

    private func serve(_ request: Request) {
        self.request = request
        ordinal += 1
        server.requestCount += 1
        let ordinal = self.ordinal
        guard !countsClients || takeTicket(for: request) else { return answer(.tooManyConnections, ordinal: ordinal) }
        answer(server.router.respond(to: request), ordinal: ordinal)
    }

    /// A proxy's connection carries requests of many clients: each counts for its client while it is answered.
    private func takeTicket(for request: Request) -> Bool {
        switch server.addressCounts.take(request.origin.client) {
        case .refused:
            server.refusedCount += 1
            return false
        case .uncounted: return true
        case .taken(let taken):
            ticket = taken
            return true
        }
    }

    private func refuse(_ status: Status, _ reason: String) {
        let version = request?.version ?? .http11
        let method = request?.method ?? .GET
        write(.text("\(status): \(reason)", status: status), method: method, version: version, keepAlive: false)
        request = nil
        gone()
    }

    // MARK: Answers

    func isWaiting(_ ordinal: Int) -> Bool { ordinal == self.ordinal && machine.isAnswering }

    func answer(_ response: Response, ordinal: Int) {
        guard isWaiting(ordinal), let request else { return }
        switch response.body {
        case .deferred(let start):
            machine.answerDeferred(now: loop.nowNanoseconds)
            start(Responder(self, ordinal: ordinal))
            return settle()
        case .takeover(let headFirst, let receive) where request.method != .HEAD:
            return handOver(response, request, headFirst: headFirst, to: receive)
        case .events(let hub) where request.method != .HEAD:
            return handOver(hub.completed(response), request, headFirst: false) { hub.add($0) }
        default: break
        }
        goneHandler = nil
        let closing = response.closesConnection
        self.request = nil
        write(
            response, method: request.method, version: request.version, keepAlive: machine.keepsAlive && !closing,
            conditions: request)
        if countsClients { ticket = nil }
        machine.answered(closing: closing, now: loop.nowNanoseconds)
        pump()
        settle()
    }

    private func write(
        _ response: Response, method: Method, version: HTTPVersion, keepAlive: Bool, conditions: Request? = nil
    ) {
        let (status, headers, body) = response.plain(conditions: conditions)
        let reply = ReplyHead(
            status: status, headers: headers, bodyBytes: body.map(\.count), method: method, version: version,
            keepAlive: keepAlive, date: server.dateText, server: server.serverName, cors: server.cors)
        reply.head.write(into: &output)
        if reply.sendsBody, let body { output.append(contentsOf: body) }
        outputGrew()
    }

    private func handOver(
        _ response: Response, _ request: Request, headFirst: Bool, to receive: (DetachedConnection) -> Void
    ) {
        let reply = ReplyHead(
            status: response.status, headers: response.headers, bodyBytes: nil, method: request.method,
            version: request.version, keepAlive: false, date: server.dateText, server: server.serverName,
            cors: server.cors)
        reply.head.write(into: &output)
        goneHandler = nil
        self.request = nil
        if headFirst { sendWaiting() }
        guard !machine.isClosed else { return }
        let detached = DetachedConnection(
            transport: transport, unsentBytes: Array(output[outputStart...]), unreadBytes: machine.takeUnreadBytes(),
            peerAddress: peerAddress, ticket: ticket, meter: server.meter)
        ticket = nil
        forget()
        receive(detached)
    }

    // MARK: Output

    private func enqueue(_ bytes: [UInt8]) {
        output.append(contentsOf: bytes)
        outputGrew()
    }

    private func outputGrew() {
        if waitingBytes > 0 && !isInFlushList {
            isInFlushList = true
            loop.flushLater(self)
        }
    }

    func flush() {
        isInFlushList = false
        guard !machine.isClosed else { return }
        let before = waitingBytes
        sendWaiting()
        guard !machine.isClosed else { return }
        if before > 0 { pump() }
        settle()
    }

    private func sendWaiting() {
        let start = outputStart
        writeWaitsReadable = false
        while waitingBytes > 0 {
            let result = output.withUnsafeBytes {
                transport.write(UnsafeRawBufferPointer(rebasing: $0[outputStart...]))
            }
            guard case .moved(let count) = result else {
                if case .failed = result { return close() }
                writeWaitsReadable = result == .waitReadable
                break
            }
            outputStart += count
        }
        let moved = outputStart - start
        server.sentBytes += Int64(moved)
        machine.outputOffered(movedBytes: moved, waitingBytes: waitingBytes, now: loop.nowNanoseconds)
        if waitingBytes == 0 {
            output.removeAll(keepingCapacity: output.capacity <= EventLoop.scratchBytes)
            outputStart = 0
        }
    }

    // MARK: Interest, deadlines, end

    /// Brings interest and timer into line with the machine's wishes.
    private func settle() {
        guard !machine.isClosed, let registration else { return }
        var interest: Readiness = []
        if machine.wantsInput { interest.insert(readWaitsWritable ? .writable : .readable) }
        if waitingBytes > 0 && !isInFlushList { interest.insert(writeWaitsReadable ? .readable : .writable) }
        loop.setInterest(registration, interest)
        armTimer()
    }

    /// One timer per connection, moved only when the deadline comes nearer; one that fires early looks again.
    private func armTimer() {
        guard let deadline = machine.deadline, deadline != .max, deadline < timerDeadline else { return }
        if let timer { loop.cancel(timer) }
        timerDeadline = deadline
        timer = loop.schedule(atNanoseconds: deadline) { [unowned self] in
            timer = nil
            timerDeadline = .max
            timerFired()
        }
    }

    private func timerFired() {
        let undelivered = Socket.undeliveredBytes(transport.fd)
        switch machine.deadlinePassed(now: loop.nowNanoseconds, undeliveredBytes: undelivered) {
        case .refuse(let status, let reason):
            refuse(status, reason)
            pump()
            settle()
        case .close: close()
        default: armTimer()
        }
    }

    func close() {
        machine.closed()
        forget()
        server.meter?.ending(transport.fd)
        transport.close()
        gone()
    }

    private func gone() {
        let handler = goneHandler
        goneHandler = nil
        handler?()
    }

    private func forget() {
        ticket = nil
        unwatch()
        server.forget(self)
    }

    /// The server is going: nothing of it may be touched any more.
    func abandon() {
        machine.closed()
        unwatch()
        transport.close()
    }

    private func unwatch() {
        if let timer { loop.cancel(timer) }
        timer = nil
        if let registration { loop.deregister(registration) }
        registration = nil
    }
}
