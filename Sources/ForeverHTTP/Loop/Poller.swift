import CLinux
import Glibc

/// What a handler wants to hear of, or hears of.
public struct Readiness: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Bytes, a connection or the end of the peer's bytes can be read.
    public static let readable = Readiness(rawValue: 1)
    public static let writable = Readiness(rawValue: 2)
    /// The peer has closed its sending side. Only heard when asked for.
    public static let peerFinished = Readiness(rawValue: 4)
    /// The connection is broken or closed on both sides. Always heard.
    public static let broken = Readiness(rawValue: 8)
}

/// An epoll set, level-triggered, whose events carry a 64-bit token of the caller's.
package final class Poller {
    private let fd: Int32
    private let events: UnsafeMutableBufferPointer<epoll_event>

    package init(eventsMax: Int) throws(SystemError) {
        fd = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard fd >= 0 else { throw SystemError("epoll_create1") }
        events = .allocate(capacity: eventsMax)
    }

    deinit {
        close(fd)
        events.deallocate()
    }

    package func add(_ fd: Int32, _ interest: Readiness, token: UInt64) throws(SystemError) {
        try control(EPOLL_CTL_ADD, fd, interest, token)
    }

    package func change(_ fd: Int32, _ interest: Readiness, token: UInt64) throws(SystemError) {
        try control(EPOLL_CTL_MOD, fd, interest, token)
    }

    package func remove(_ fd: Int32) { _ = clinux_epoll_control(self.fd, EPOLL_CTL_DEL, fd, 0, 0) }

    private func control(_ operation: Int32, _ fd: Int32, _ interest: Readiness, _ token: UInt64) throws(SystemError) {
        guard clinux_epoll_control(self.fd, operation, fd, Self.bits(interest), token) == 0 else {
            throw SystemError("epoll_ctl")
        }
    }

    /// Sleeps until something is ready, at most so long; 0 looks without sleeping. Returns how many are ready.
    package func wait(milliseconds: Int32) -> Int {
        let count = epoll_wait(fd, events.baseAddress, Int32(events.count), milliseconds)
        return max(0, Int(count))
    }

    package func token(_ index: Int) -> UInt64 { clinux_epoll_token(events.baseAddress! + index) }
    package func readiness(_ index: Int) -> Readiness {
        Self.readiness(clinux_epoll_events(events.baseAddress! + index))
    }

    private static func bits(_ interest: Readiness) -> UInt32 {
        var bits: UInt32 = 0
        if interest.contains(.readable) { bits |= EPOLLIN.rawValue }
        if interest.contains(.writable) { bits |= EPOLLOUT.rawValue }
        if interest.contains(.peerFinished) { bits |= EPOLLRDHUP.rawValue }
        return bits
    }

    private static func readiness(_ bits: UInt32) -> Readiness {
        var readiness: Readiness = []
        if bits & EPOLLIN.rawValue != 0 { readiness.insert(.readable) }
        if bits & EPOLLOUT.rawValue != 0 { readiness.insert(.writable) }
        if bits & EPOLLRDHUP.rawValue != 0 { readiness.insert(.peerFinished) }
        if bits & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 { readiness.insert(.broken) }
        return readiness
    }
}
