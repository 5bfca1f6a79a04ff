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

    /// Hands every accepted socket to `take`, at most `perTurnMax` a turn.
    func start(perTurnMax: Int, take: @escaping (Int32, SocketAddress?) -> Void) throws(SystemError) {
        registration = try loop.register(fd: fd, interest: .readable, accepting: true) { [unowned self] _ in
            var taken = 0
            while taken < perTurnMax && acceptOne(take) { taken += 1 }
        }
    }

    /// False when no more are to be taken now.
    private func acceptOne(_ take: (Int32, SocketAddress?) -> Void) -> Bool {
        if isFull { return false }
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
            pauseTimer = loop.schedule(after: .milliseconds(milliseconds)) { [unowned self] in
                pauseTimer = nil
                settle()
            }
            settle()
            return false
        }
    }

    /// Whether the server has room for more.
    func setFull(_ full: Bool) {
        isFull = full
        settle()
    }

    private func settle() {
        guard let registration else { return }
        loop.setInterest(registration, pauseTimer == nil && !isFull ? .readable : [])
    }

    /// Takes no more. The socket itself closes when the listener goes.
    func stop() {
        guard let registration else { return }
        if let pauseTimer { loop.cancel(pauseTimer) }
        loop.deregister(registration)
        self.registration = nil
    }
}
