import Glibc

/// One request of the client on a connection of its own: looking up, connecting, sending, reading, one ending.
final class ClientConnection {
    /// What its owner hears. `ended` comes exactly once, and nothing after it.
    struct Receiver {
        var head: (ResponseHead) -> Void
        var body: (UnsafeRawBufferPointer) -> Void
        var ended: (ClientError?) -> Void
    }

    private let loop: EventLoop
    private let limits: ClientLimits
    private let address: HTTPAddress
    private let pinned: SocketAddress?
    private let makeTransport: (Int32) -> any Transport
    private let allowsPlain: (SocketAddress) -> Bool
    private let receiver: Receiver
    private var output: [UInt8]
    private var outputStart = 0
    private var addresses: [SocketAddress] = []
    private var lastError = SystemError("connect", code: EHOSTUNREACH)
    private var transport: (any Transport)?
    private var registration: Registration?
    private var reader: ReplyReader
    private var isConnected = false
    var meter: WireMeter?
    /// Where the transport makes its acquaintance, what a read or a write waits for may be the other direction.
    private var readWaitsWritable = false
    private var writeWaitsReadable = false
    private var isPaused = false
    private(set) var isEnded = false
    private var connectTimer: TimerID?
    private var deadlineTimer: TimerID?
    private var silenceTimer: TimerID?
    private let silence: Duration?
    private var lastByteNanoseconds: Int64 = 0

    init(
        loop: EventLoop, limits: ClientLimits, address: HTTPAddress, pinned: SocketAddress?, method: Method,
        request: [UInt8],
        deadline: Duration, silence: Duration?, makeTransport: @escaping (Int32) -> any Transport,
        allowsPlain: @escaping (SocketAddress) -> Bool, receiver: Receiver
    ) {
        self.loop = loop
        self.limits = limits
        self.address = address
        self.pinned = pinned
        self.makeTransport = makeTransport
        self.allowsPlain = allowsPlain
        self.receiver = receiver
        self.silence = silence
        output = request
        reader = ReplyReader(
            method: method, headBytesMax: limits.headBytesMax, headerCountMax: limits.headerCountMax)
        deadlineTimer = loop.schedule(after: deadline) { [unowned self] in
            deadlineTimer = nil
            end(.deadlinePassed)
        }
    }

    func start() {
        if let pinned {
            addresses = [pinned]
            loop.schedule(after: .zero) { [weak self] in
                guard let self, !isEnded else { return }
                connectNext()
            }
            return
        }
        Resolver.lookUp(host: address.host, port: address.port, loop: loop) { [weak self] result in
            guard let self, !isEnded else { return }
            switch result {
            case .success(let found):
                addresses = found.reversed()
                connectNext()
            case .failure(let error): end(.unknownHost(error.description))
            }
        }
    }

    // MARK: Connecting

    private func connectNext() {
        closeSocket()
        guard let next = addresses.popLast() else { return end(.cannotConnect(lastError)) }
        if address.scheme == "http", !allowsPlain(next) { return end(.plainRefused(next.host)) }
        do throws(SystemError) {
            let fd = try Socket.connecting(to: next)
            let transport = makeTransport(fd)
            self.transport = transport
            meter?.opened(fd)
            registration = try loop.register(fd: fd, interest: .writable) { [unowned self] in ready($0) }
            connectTimer = loop.schedule(after: .seconds(limits.connectSecondsMax)) { [unowned self] in
                connectTimer = nil
                lastError = SystemError("connect", code: ETIMEDOUT)
                connectNext()
            }
        } catch {
            lastError = error
            connectNext()
        }
    }

    private func connected() {
        guard let transport else { return }
        let code = Socket.pendingError(transport.fd)
        guard code == 0 else {
            lastError = SystemError("connect", code: code)
            return connectNext()
        }
        if let connectTimer { loop.cancel(connectTimer) }
        connectTimer = nil
        isConnected = true
        lastByteNanoseconds = loop.nowNanoseconds
        armSilence()
        write()
    }

    // MARK: Moving bytes

    private func ready(_ readiness: Readiness) {
        guard isConnected else { return connected() }
        let isReadable = !readiness.isDisjoint(with: [.readable, .broken])
        let isWritable = readiness.contains(.writable)
        if isWritable || (isReadable && writeWaitsReadable) { write() }
        if !isEnded && (isReadable || (isWritable && readWaitsWritable)) { read() }
    }

    private func write() {
        guard let transport else { return }
        writeWaitsReadable = false
        while outputStart < output.count {
            let result = output.withUnsafeBytes {
                transport.write(UnsafeRawBufferPointer(rebasing: $0[outputStart...]))
            }
            guard case .moved(let count) = result else {
                if case .failed(let code) = result {
                    if transport.trouble != nil { return broke(code) }
                    // A server may answer and close before it has read everything: its answer is worth reading.
                    outputStart = output.count
                }
                writeWaitsReadable = result == .waitReadable
                break
            }
            outputStart += count
        }
        settle()
    }

    private func settle() {
        guard let registration else { return }
        var interest: Readiness = isPaused ? [] : readWaitsWritable ? .writable : .readable
        if outputStart < output.count { interest.insert(writeWaitsReadable ? .readable : .writable) }
        loop.setInterest(registration, interest)
    }

    private func broke(_ code: Int32) {
        end(transport?.trouble.map { .protectionFailed($0) } ?? .broken(SystemError("recv", code: code)))
    }

    private func read() {
        guard let transport else { return }
        let result = transport.read(into: loop.scratch)
        if readWaitsWritable != (result == .waitWritable) {
            readWaitsWritable.toggle()
            settle()
        }
        switch result {
        case .moved(let count):
            lastByteNanoseconds = loop.nowNanoseconds
            let bytes = UnsafeRawBufferPointer(rebasing: loop.scratch[..<count])
            do throws(ParseError) {
                try reader.take(bytes) { self.emit($0) }
            } catch {
                end(.malformedReply(error))
            }
        case .ended:
            if !reader.inputEnded(emit: { self.emit($0) }) { end(.endedEarly) }
        case .failed(let code): broke(code)
        case .waitReadable, .waitWritable: break
        }
    }

    private func emit(_ event: ReplyReader.Event) {
        guard !isEnded else { return }
        switch event {
        case .head(let head):
            // A stream's deadline is for its head; from there on only silence ends it.
            if silence != nil, let timer = deadlineTimer {
                loop.cancel(timer)
                deadlineTimer = nil
            }
            receiver.head(head)
        case .body(let bytes): receiver.body(bytes)
        case .end: end(nil)
        }
    }

    /// One timer, looked at again when it fires, instead of one moved with every byte.
    private func armSilence() {
        guard let silence else { return }
        let deadline = lastByteNanoseconds + silence.wholeNanoseconds
        silenceTimer = loop.schedule(atNanoseconds: deadline) { [unowned self] in
            silenceTimer = nil
            if isPaused { lastByteNanoseconds = loop.nowNanoseconds }
            if lastByteNanoseconds + silence.wholeNanoseconds <= loop.nowNanoseconds {
                end(.silent)
            } else {
                armSilence()
            }
        }
    }

    func setPaused(_ paused: Bool) {
        guard !isEnded, isPaused != paused else { return }
        isPaused = paused
        lastByteNanoseconds = loop.nowNanoseconds
        if isConnected { settle() }
    }

    // MARK: Ending

    func end(_ error: ClientError?) {
        guard !isEnded else { return }
        isEnded = true
        closeSocket()
        for timer in [deadlineTimer, silenceTimer] { if let timer { loop.cancel(timer) } }
        deadlineTimer = nil
        silenceTimer = nil
        receiver.ended(error)
    }

    private func closeSocket() {
        if let connectTimer { loop.cancel(connectTimer) }
        connectTimer = nil
        if let registration { loop.deregister(registration) }
        registration = nil
        if let transport { meter?.ending(transport.fd) }
        transport?.close()
        transport = nil
        readWaitsWritable = false
        writeWaitsReadable = false
    }
}
