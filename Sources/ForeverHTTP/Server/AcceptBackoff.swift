import Glibc

/// How long to leave a listening socket alone after an accept that failed. Pure.
///
/// A process without a free descriptor cannot take a connection out of the queue, so its listening socket stays
/// ready and would keep the loop spinning.
package struct AcceptBackoff {
    package enum Reaction: Equatable {
        /// Nothing waits any more.
        case done
        /// This one is gone; the next may be there.
        case next
        /// Leave the socket alone for so long.
        case pause(milliseconds: Int64)
    }

    package static let firstMilliseconds: Int64 = 50
    package static let lastMilliseconds: Int64 = 1_600
    private var milliseconds = AcceptBackoff.firstMilliseconds

    package init() {}

    package mutating func succeeded() { milliseconds = Self.firstMilliseconds }

    package mutating func failed(_ code: Int32) -> Reaction {
        switch code {
        case EAGAIN, EWOULDBLOCK: return .done
        // accept(2): what went wrong with the connection before it was taken is reported here.
        case EINTR, ECONNABORTED, EPROTO, ENETDOWN, ENOPROTOOPT, EHOSTDOWN, ENONET, EHOSTUNREACH, EOPNOTSUPP,
            ENETUNREACH, EPERM:
            return .next
        default:
            defer { milliseconds = min(milliseconds * 2, Self.lastMilliseconds) }
            return .pause(milliseconds: milliseconds)
        }
    }
}
