import ForeverHTTP
import ForeverRelay
import ForeverTLS
import ForeverTestKit
import Glibc

/// A fan-out on a clock moved by hand, fed by a stream that is always 20 s ahead.
final class FanoutRig {
    let stream = TestStream()
    let folder: TemporaryFolder
    private(set) var feed: StreamFeed
    let fanout: Fanout
    var now = Instant(monotonicNanoseconds: 1_000_000_000_000, wallMilliseconds: 1_700_000_000_000)
    /// no more sound is made while set
    var isDry: Bool
    /// the feed that plays after the first
    private var next: StreamFeed?
    private var leaps = 0

    init(settings: FanoutSettings = FanoutSettings(), isDry: Bool = false) throws {
        self.isDry = isDry
        folder = try TemporaryFolder()
        let format = TestStream.format
        let ring = try StreamRing(
            path: folder("stream.ring"), epoch: TestStream.epoch, format: format,
            capacityBytes: Int(format.bytes(seconds: 56)))
        feed = StreamFeed(
            ring: ring, settings: .init(startPosition: format.bytes(seconds: 6), resumeBytes: format.bytes(seconds: 1)),
            now: now)
        fanout = Fanout(source: feed.source, settings: settings)
        fill()
        feed.advance(to: now)
    }

    func fill() {
        guard !isDry else { return }
        let from = feed.ring.writingPosition
        feed.ring.append(stream.bytes(from, feed.format.frameFloor(feed.live + 20 * feed.format.byteRate)))
    }

    /// Lets time pass in steps of 50 ms; `each` runs after every one.
    func run(milliseconds: Int64, each: () -> Void = {}) {
        for _ in 0..<(milliseconds / 50) {
            now.monotonicNanoseconds += 50_000_000
            now.wallMilliseconds += 50
            fill()
            feed.advance(to: now)
            next?.advance(to: now)
            while let due = fanout.nextStepNanoseconds, due <= now.monotonicNanoseconds {
                fanout.step(now: now.monotonicNanoseconds)
            }
            each()
        }
    }

    /// What comes between the bytes at hand and `position` is not to be had: when those are played out, a new ring of the
    /// same epoch plays from there on.
    func leap(to position: StreamPosition, each: () -> Void = {}) throws {
        isDry = true
        while !feed.clock.isStarved { run(milliseconds: 50, each: each) }
        isDry = false
        let format = feed.format
        leaps += 1
        let ring = try StreamRing(
            path: folder("\(leaps).ring"), epoch: feed.epoch, format: format,
            capacityBytes: Int(format.bytes(seconds: 56)), startingAt: position)
        feed = StreamFeed(
            ring: ring,
            settings: .init(startPosition: format.frameFloor(position), resumeBytes: format.bytes(seconds: 1)), now: now
        )
        fill()
        feed.advance(to: now)
        fanout.play(feed.source, now: now.monotonicNanoseconds)
    }

    func play(_ feed: StreamFeed) {
        next = feed
        fanout.play(feed.source, now: now.monotonicNanoseconds)
    }

    func join(
        titles: Bool = false, name: String? = nil, kind: ListenerKind = .listener, head: String = "",
        protectedBy protection: TestProtection? = nil
    ) -> TestListener {
        let listener = TestListener(start: fanout.joinPosition, protectedBy: protection)
        let channel = listener.takeChannel()
        fanout.join(
            NewListener(
                fd: channel?.fd ?? listener.takeFarEnd(), kind: kind, from: listener.start, head: Array(head.utf8),
                metadataInterval: titles ? ICYMetadata.intervalBytes : 0, name: name.flatMap { ListenerName($0) },
                channel: channel),
            now: now.monotonicNanoseconds)
        return listener
    }

    func segments(_ name: String) -> [PositionSegment] {
        guard let name = ListenerName(name),
            case .segments(let segments) = fanout.maps.answer(name, now: now.monotonicNanoseconds)
        else { return [] }
        return segments
    }
}

/// The near end of a listener's connection.
final class TestListener {
    let start: StreamPosition
    private(set) var received: [UInt8] = []
    private(set) var isEnded = false
    /// Whether its end was said, and not just came.
    private(set) var wasToldGoodbye = false
    private let fd: Int32
    private var far: Int32
    private var near: TLSTransport?
    private var channel: (any RecordChannel)?

    init(start: StreamPosition, protectedBy protection: TestProtection? = nil) {
        self.start = start
        var pair: [Int32] = [0, 0]
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        precondition(socketpair(AF_UNIX, type, 0, &pair) == 0)
        fd = pair[0]
        far = pair[1]
        guard let protection else { return }
        let (near, channel) = protection.greet(near: fd, far: far)
        self.near = near
        self.channel = channel
    }

    deinit { if near == nil { close(fd) } }

    func takeFarEnd() -> Int32 { far }

    /// The far end of a protected one.
    func takeChannel() -> (any RecordChannel)? {
        defer { channel = nil }
        return channel
    }

    private func receive(_ piece: inout [UInt8], _ most: Int) -> Int {
        guard let near else { return recv(fd, &piece, most, 0) }
        switch piece.withUnsafeMutableBytes({ near.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[..<most])) }) {
        case .moved(let count): return count
        case .ended:
            wasToldGoodbye = true
            return 0
        case .failed: return 0
        case .waitReadable, .waitWritable: return -1
        }
    }

    /// Reads what is there, at most so much.
    func read(_ most: Int = .max) {
        var piece = [UInt8](repeating: 0, count: 65_536)
        var left = most
        while left > 0, !isEnded {
            let count = receive(&piece, min(piece.count, left))
            if count == 0 { isEnded = true }
            if count <= 0 { return }
            received += piece[0..<count]
            left -= count
        }
    }

    /// Forgets what came first.
    func dropFirst(_ count: Int) { received.removeFirst(count) }

    func hangUp() { shutdown(fd, Int32(SHUT_RDWR)) }

    /// The sound and the titles, each title with the number of sound bytes before it.
    func separated() -> (sound: [UInt8], titles: [(at: Int, title: String?)]) {
        var sound: [UInt8] = []
        var titles: [(at: Int, title: String?)] = []
        var index = 0
        while index < received.count {
            let count = min(ICYMetadata.intervalBytes, received.count - index)
            sound += received[index..<(index + count)]
            index += count
            guard count == ICYMetadata.intervalBytes, index < received.count else { break }
            let length = 1 + Int(received[index]) * 16
            guard index + length <= received.count else { break }
            if length > 1 { titles.append((sound.count, titleOfBlock(Array(received[index..<(index + length)])))) }
            index += length
        }
        return (sound, titles)
    }
}
