import ForeverHTTP
import Glibc

/// The network between two servers on loopback: it delays, throttles, swallows, cuts and refuses, as it is told.
///
/// A connection's first bytes take as long as a handshake and a request would: three times one way.
final class NetworkProxy {
    let port: UInt16
    /// where connections lead; nil: nobody is there, and who connects is cut at once
    var target: UInt16?
    /// one way
    var delayMilliseconds: Int64 = 0
    /// of each connection and direction; nil: as fast as it comes
    var bytesPerSecond: Int64?
    /// Bytes vanish in both directions and nothing is closed, new connections too: the other end is deaf.
    var isDeaf = false
    /// What is posted never arrives, and nobody hears of it.
    var losesReports = false
    /// What it does wrong on purpose to what it carries towards who connected, now and then.
    var defect: NetworkSimulation.Defect?
    /// bytes carried towards who connected
    private(set) var bytesCarried: Int64 = 0
    /// connections taken so far
    private(set) var accepted = 0

    private unowned let world: TestWorld
    private let listening: Int32
    private var pipes: [Pipe] = []

    /// One direction of a connection: what is on its way, and until when.
    private struct Direction {
        var queue: [(due: Int64, bytes: [UInt8])] = []
        var queuedBytes = 0
        var budget: Int64 = 0
    }

    private final class Pipe {
        let near: Int32
        var far: Int32
        var up = Direction()
        var down = Direction()
        let opened: Int64
        /// one side has ended: the other hears of it once what is on its way has come
        var isEnding = false
        /// it was deaf once: a connection that lost bytes never carries any again
        var isDeaf = false

        init(near: Int32, far: Int32, opened: Int64) {
            self.near = near
            self.far = far
            self.opened = opened
        }

        deinit {
            close(near)
            close(far)
        }
    }

    init(_ world: TestWorld, target: UInt16? = nil) {
        self.world = world
        self.target = target
        (listening, port) = Self.listen()
        // The network is there as long as the world is.
        world.everyTurn { [self] in pump() }
    }

    deinit { close(listening) }

    var address: String { "http://127.0.0.1:\(port)" }
    var openCount: Int { pipes.count }

    /// Ends every connection.
    func cut() { pipes = [] }

    private static func listen() -> (Int32, UInt16) {
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let fd = socket(AF_INET, type, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                precondition(bind(fd, $0, length) == 0 && Glibc.listen(fd, 64) == 0)
                precondition(getsockname(fd, $0, &length) == 0)
            }
        }
        return (fd, UInt16(bigEndian: address.sin_port))
    }

    private func pump() {
        let now = world.clock.monotonicNanoseconds
        while true {
            let near = accept(listening, nil, nil)
            guard near >= 0 else { break }
            _ = fcntl(near, F_SETFL, O_NONBLOCK)
            TestClient.sendAtOnce(near)
            accepted += 1
            guard let target else {
                close(near)
                continue
            }
            pipes.append(Pipe(near: near, far: TestClient.connect(port: target), opened: now))
        }
        pipes.removeAll { !move($0, now) }
    }

    /// False when the connection is over.
    private func move(_ pipe: Pipe, _ now: Int64) -> Bool {
        if isDeaf { pipe.isDeaf = true }
        let oneWay = delayMilliseconds * 1_000_000
        let arrival = max(now + oneWay, pipe.opened + 3 * oneWay)
        let isUp = take(pipe.near, &pipe.up, arrival, pipe.isDeaf)
        let isDown = take(pipe.far, &pipe.down, now + oneWay, pipe.isDeaf)
        if losesReports, let first = pipe.up.queue.first?.bytes, first.starts(with: Array("POST".utf8)) {
            pipe.isDeaf = true
        }
        if pipe.isDeaf { return isUp }
        if !isUp { return false }
        if !isDown { pipe.isEnding = true }
        _ = give(pipe.far, &pipe.up, now)
        if let defect, pipe.down.queue.last?.due == now + oneWay { spoil(&pipe.down, defect) }
        bytesCarried += give(pipe.near, &pipe.down, now)
        return !(pipe.isEnding && pipe.down.queue.isEmpty)
    }

    /// What a sender may have under way: a window of half a second, and some.
    private static let windowBytes = 262_144

    /// Takes what has come; false when that side has ended.
    private func take(_ fd: Int32, _ direction: inout Direction, _ due: Int64, _ isLost: Bool) -> Bool {
        var piece = [UInt8](repeating: 0, count: 65_536)
        while direction.queuedBytes < Self.windowBytes {
            let count = recv(fd, &piece, piece.count, 0)
            if count == 0 { return false }
            guard count > 0 else { return errno == EAGAIN || errno == ENOTCONN }
            if isLost { continue }
            direction.queue.append((due, Array(piece[..<count])))
            direction.queuedBytes += count
        }
        return true
    }

    private var spoilBytes = 60_000

    /// Changes or loses something in the middle of a large piece, where it is sound.
    private func spoil(_ direction: inout Direction, _ defect: NetworkSimulation.Defect) {
        let last = direction.queue.count - 1
        let count = direction.queue[last].bytes.count
        spoilBytes -= count
        guard spoilBytes < 0, count > 2_000 else { return }
        spoilBytes = 60_000
        switch defect {
        case .bytesChanged: direction.queue[last].bytes[count / 2 + 7] ^= 1
        case .bytesLost:
            direction.queue[last].bytes.removeSubrange((count / 2)..<(count / 2 + 96))
            direction.queuedBytes -= 96
        }
    }

    private func give(_ fd: Int32, _ direction: inout Direction, _ now: Int64) -> Int64 {
        if let bytesPerSecond {
            // A turn is 10 ms; what is not used lasts for a tenth of a second.
            let most = max(1_500, bytesPerSecond / 10)
            direction.budget = min(min(direction.budget, most) + bytesPerSecond / 100, most)
        } else {
            direction.budget = .max
        }
        var given: Int64 = 0
        while let first = direction.queue.first, first.due <= now, direction.budget > 0 {
            let most = Int(min(Int64(first.bytes.count), direction.budget))
            let count = send(fd, first.bytes, most, Int32(MSG_NOSIGNAL))
            guard count > 0 else { break }
            given += Int64(count)
            direction.budget -= Int64(count)
            direction.queuedBytes -= count
            if count == first.bytes.count {
                direction.queue.removeFirst()
            } else {
                direction.queue[0].bytes.removeFirst(count)
            }
        }
        return given
    }
}
