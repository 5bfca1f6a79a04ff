import CLinux
import Glibc

/// A listening socket of a server, and its pauses.
final class Listener {
    private let loop: EventLoop
    private let fd: Int32
    private var registration: Registration?
    private var backoff = AcceptBackoff()
    private var pauseTimer: TimerID?
    private var isFull = false
    private var isHeld = false
    private var makeRoom: () -> Bool = { false }
    let port: UInt16

    init(loop: EventLoop, address: SocketAddress, bothFamilies: Bool) throws(SystemError) {
        self.loop = loop
        fd = try Socket.listening(on: address, bothFamilies: bothFamilies)
        guard let local = Socket.localAddress(fd) else {
            let error = SystemError("getsockname")
            close(fd)
            throw error
        }
        port = local.port
    }

    deinit {
        stop()
        close(fd)
    }

    /// Hands every accepted socket to `take`, at most `perTurnMax` a turn. While the server is full, and when descriptors run
    /// out, `makeRoom` is asked first; only one is taken a turn then, since it is not known that a second one waits.
    func start(
        perTurnMax: Int, makeRoom: @escaping () -> Bool, take: @escaping (Int32, SocketAddress?) -> Void
    ) throws(SystemError) {
        self.makeRoom = makeRoom
        registration = try loop.register(fd: fd, interest: .readable, accepting: true) { [unowned self] _ in
            var taken = 0
            while taken < perTurnMax {
                if isFull && (taken > 0 || !makeRoom()) { break }
                guard acceptOne(take) else { break }
                taken += 1
            }
        }
    }

    /// False when no more are to be taken now.
    private func acceptOne(_ take: (Int32, SocketAddress?) -> Void) -> Bool {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let accepted = withUnsafeMutableBytes(of: &storage) {
            clinux_accept(fd, $0.baseAddress!.assumingMemoryBound(to: sockaddr.self), &length)
        }
        if accepted >= 0 {
            backoff.succeeded()
            take(accepted, SocketAddress(&storage, length: Int(length)))
            return true
        }
        switch backoff.failed(errno) {
        case .done: return false
        case .next: return true
        case .pause(let milliseconds):
            if makeRoom() { return true }
            pauseTimer = loop.schedule(after: .milliseconds(milliseconds)) { [unowned self] in
                pauseTimer = nil
                settle()
            }
            settle()
            return false
        }
    }

    /// Whether the server holds as many connections as it may.
    func setFull(_ full: Bool) { isFull = full }

    /// Leaves new connections to the kernel's queue, or takes them again.
    func setHeld(_ held: Bool) {
        isHeld = held
        settle()
    }

    private func settle() {
        guard let registration else { return }
        loop.setInterest(registration, pauseTimer == nil && !isHeld ? .readable : [])
    }

    /// Takes no more. The socket itself closes when the listener goes.
    func stop() {
        guard let registration else { return }
        if let pauseTimer { loop.cancel(pauseTimer) }
        loop.deregister(registration)
        self.registration = nil
    }
}
