import ForeverRelay
import ForeverTestKit
import Foundation
import Glibc
import Testing

@Suite struct StreamRingTests {
    private let stream = TestStream()
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func ring(epoch: Epoch = TestStream.epoch, from position: StreamPosition = 0) throws -> StreamRing {
        try StreamRing(
            path: folder("r"), epoch: epoch, format: stream.format, capacityBytes: 262_144, startingAt: position)
    }

    /// Whether everything between oldest and edge is what it should be, and readable in one run.
    private func isRight(_ ring: StreamRing) -> Bool {
        let oldest = ring.oldest
        let edge = ring.edge
        return ring.withBytes(at: oldest, count: Int(edge - oldest)) { Array($0) == stream.bytes(oldest, edge) }
            ?? false
    }

    @Test func wrapsAndNeverOffersWhatIsGone() throws {
        let ring = try ring()
        var generator = SeededGenerator(1)
        var position: StreamPosition = 0
        while position < 1_500_000 {
            let count = Int64.random(in: 1...100_000, using: &generator)
            ring.append(stream.bytes(position, position + count))
            position += count
            #expect(ring.edge == stream.format.frameFloor(position))
            #expect(ring.writingPosition == position)
            #expect(isRight(ring))
        }
        #expect(ring.oldest == stream.format.frameCeiling(ring.edge + StreamRing.guardBytes - ring.capacityBytes))
        #expect(ring.withBytes(at: ring.oldest - 1, count: 1) { _ in true } == nil)
        #expect(ring.withBytes(at: ring.edge, count: 1) { _ in true } == nil)
    }

    @Test func goesOnWhereItWas() throws {
        var ring = try ring(from: 10_000)
        #expect(!ring.isRestored)
        #expect(ring.edge == stream.format.frameFloor(10_000))
        let start = ring.edge
        ring.append(stream.bytes(start, start + 300_000))
        let anchor = LiveAnchor(position: 5, monotonicNanoseconds: 6, wallMilliseconds: 7)
        ring.save(anchor)
        let edge = ring.edge
        #expect(throws: RingError.inUse(path: folder("r"))) { try self.ring() }
        ring = try StreamRing(
            path: folder("other"), epoch: TestStream.epoch, format: stream.format, capacityBytes: 262_144)
        ring = try self.ring()
        #expect(ring.isRestored)
        #expect(ring.edge == edge)
        #expect(ring.savedAnchor == anchor)
        #expect(isRight(ring))
        #expect(StreamRing.describe(path: folder("r"))?.epoch == TestStream.epoch)
    }

    @Test func anotherEpochOrFormatBeginsAnew() throws {
        do {
            let ring = try ring()
            ring.append(stream.bytes(0, 100_000))
            ring.save(LiveAnchor(position: 1, monotonicNanoseconds: 2, wallMilliseconds: 3))
        }
        do {
            let ring = try ring(epoch: Epoch(bits: 5))
            #expect(!ring.isRestored)
            #expect(ring.edge == 0)
            #expect(ring.savedAnchor == nil)
        }
        let wider = try StreamRing(
            path: folder("r"), epoch: Epoch(bits: 5), format: StreamFormat(bitrateKbps: 320)!,
            capacityBytes: 262_144)
        #expect(!wider.isRestored)
    }

    @Test func damagedHeadersAreNotTrusted() throws {
        do { try ring().append(stream.bytes(0, 100_000)) }
        let fd = open(folder("r"), O_RDWR)
        defer { close(fd) }
        // first beyond edge; an edge inside a frame
        for (word, value) in [(4, Int64(999_999)), (5, 1_001)] {
            var value = value
            pwrite(fd, &value, 8, off_t(word * 8))
            let ring = try ring()
            #expect(!ring.isRestored)
            ring.append(stream.bytes(0, 100_000))
        }
    }

    /// As a child has, between its fork and its exec.
    @Test func aCopyOfItsDescriptorDoesNotKeepItLocked() throws {
        var ring: StreamRing? = try ring()
        let copy = fcntl(try descriptor(of: folder("r")), F_DUPFD_CLOEXEC, 0)
        defer { close(copy) }
        #expect(throws: RingError.inUse(path: folder("r"))) { try self.ring() }
        ring = nil
        ring = try self.ring()
        #expect(ring?.isRestored == true)
    }

    /// The process's own descriptor of an open file.
    private func descriptor(of path: String) throws -> Int32 {
        var wanted = stat()
        try #require(stat(path, &wanted) == 0)
        let number = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").first { name in
            var status = stat()
            return fstat(Int32(name) ?? -1, &status) == 0
                && (status.st_dev, status.st_ino) == (wanted.st_dev, wanted.st_ino)
        }
        return try #require(number.flatMap { Int32($0) })
    }

    @Test func survivesKillAtAnyMoment() async throws {
        // A child writes without pause and is killed by SIGKILL from its own other thread, at a moment of chance.
        let path = folder("r")
        var reached: StreamPosition = 0
        for round in 0..<8 {
            await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, round = round as Int] in
                try RingWriterProcess.run(path: path, killAfterMicroseconds: UInt32(5_000 + round * 7_919))
            }
            let ring = try StreamRing(
                path: path, epoch: TestStream.epoch, format: stream.format, capacityBytes: 262_144)
            #expect(ring.isRestored)
            #expect(ring.edge > reached, "the child goes on where the last was killed")
            #expect(isRight(ring))
            reached = ring.edge
        }
    }
}

/// What the killed child of `survivesKillAtAnyMoment` does.
enum RingWriterProcess {
    static func run(path: String, killAfterMicroseconds: UInt32) throws {
        let stream = TestStream()
        let ring = try StreamRing(
            path: path, epoch: TestStream.epoch, format: stream.format, capacityBytes: 262_144)
        // The time runs from the first bytes on, however long a busy machine took to get here.
        let first = ring.writingPosition
        ring.append(stream.bytes(first, first + 1_000))
        let delay = UnsafeMutableRawPointer(bitPattern: UInt(killAfterMicroseconds))
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { delay in
                usleep(UInt32(UInt(bitPattern: delay)))
                kill(getpid(), SIGKILL)
                return nil
            }, delay)
        var generator = SeededGenerator(UInt64(killAfterMicroseconds))
        while true {
            let from = ring.writingPosition
            ring.append(stream.bytes(from, from + Int64.random(in: 1...60_000, using: &generator)))
        }
    }
}
