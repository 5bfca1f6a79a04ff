import Glibc

/// A TCP server between two others that cuts every connection after a number of bytes it is told.
final class CuttingProxy {
    let port: UInt16
    private(set) var cuts = 0
    private let listening: Int32
    private var target: UInt16
    private var pairs: [(near: Int32, far: Int32, left: Int, toFar: [UInt8], toNear: [UInt8])] = []
    /// how many bytes towards the client the next connection lives; nil: for ever
    private let nextLife: () -> Int?
    /// Changes what comes from the server; new are the bytes from the given index on.
    var alter: ((inout [UInt8], Int) -> Void)?
    /// Gets what the client sends.
    var overhear: ((ArraySlice<UInt8>) -> Void)?

    init(_ world: TestWorld, target: UInt16, nextLife: @escaping () -> Int?) {
        self.target = target
        self.nextLife = nextLife
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        listening = socket(AF_INET, type, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let fd = listening
        withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                precondition(bind(fd, $0, length) == 0 && listen(fd, 16) == 0 && getsockname(fd, $0, &length) == 0)
            }
        }
        port = UInt16(bigEndian: address.sin_port)
        world.everyTurn { [weak self] in self?.pump() }
    }

    deinit {
        close(listening)
        for pair in pairs {
            close(pair.near)
            close(pair.far)
        }
    }

    /// Cuts everything; whoever comes again comes to another server.
    func retarget(_ port: UInt16) {
        target = port
        for index in pairs.indices { pairs[index].left = 0 }
    }

    private func pump() {
        while true {
            let near = accept(listening, nil, nil)
            guard near >= 0 else { break }
            _ = fcntl(near, F_SETFL, O_NONBLOCK)
            TestClient.sendAtOnce(near)
            pairs.append((near, TestClient.connect(port: target), nextLife() ?? .max, [], []))
        }
        for index in pairs.indices.reversed() where !move(&pairs[index]) {
            close(pairs[index].near)
            close(pairs[index].far)
            pairs.remove(at: index)
        }
    }

    private func move(_ pair: inout (near: Int32, far: Int32, left: Int, toFar: [UInt8], toNear: [UInt8])) -> Bool {
        let known = pair.toNear.count
        let asked = pair.toFar.count
        guard Self.read(pair.near, into: &pair.toFar), Self.read(pair.far, into: &pair.toNear) else {
            return false
        }
        if pair.toFar.count > asked { overhear?(pair.toFar[asked...]) }
        if pair.toNear.count > known { alter?(&pair.toNear, known) }
        if !pair.toFar.isEmpty {
            let count = send(pair.far, pair.toFar, pair.toFar.count, Int32(MSG_NOSIGNAL))
            if count > 0 { pair.toFar.removeFirst(count) }
        }
        let count = send(pair.near, pair.toNear, min(pair.left, pair.toNear.count), Int32(MSG_NOSIGNAL))
        if count > 0 {
            pair.toNear.removeFirst(count)
            pair.left -= count
        }
        if pair.left == 0 { cuts += 1 }
        return pair.left > 0
    }

    /// False when the other side has closed.
    private static func read(_ fd: Int32, into bytes: inout [UInt8]) -> Bool {
        var piece = [UInt8](repeating: 0, count: 16_384)
        guard bytes.count < 65_536 else { return true }
        let count = recv(fd, &piece, piece.count, 0)
        if count > 0 { bytes += piece[0..<count] }
        return count > 0 || (count < 0 && (errno == EAGAIN || errno == ENOTCONN))
    }
}
