import ForeverHTTP
import ForeverRelay
import Glibc

/// Collects what the root has written from its ring's file: a root whose tree is full has no place for a reader.
///
/// **Thread:** the loop's.
final class RingReader: ReferenceSource {
    private static let pollMilliseconds: Int64 = 100
    /// Read once more in every life of the root: it must be the same. 4 s at 128 kbit/s.
    private static let overlapBytes: Int64 = 64_000
    /// Where the file's words and its bytes are: see `RingHeader`.
    private static let wordCount = 6
    private static let dataOffset: Int64 = 65_536

    private let root: Server
    private let loop: EventLoop
    private let finding: (String) -> Void
    private(set) var reference: Reference?
    private(set) var overlapped: Int64 = 0
    private var life = 0
    private var isStopped = false

    init(root: Server, loop: EventLoop, finding: @escaping (String) -> Void) {
        self.root = root
        self.loop = loop
        self.finding = finding
    }

    var said: String { "read from its ring, \(overlapped) again in another life and the same" }

    func start(_ epoch: String) {
        guard !isStopped else { return }
        read(epoch)
        loop.schedule(after: .milliseconds(Self.pollMilliseconds)) { [weak self] in self?.start(epoch) }
    }

    func stop() { isStopped = true }

    private func read(_ epoch: String) {
        let fd = open(root.data + "/stream.ring", O_RDONLY | O_CLOEXEC)
        guard fd >= 0 else { return }
        defer { close(fd) }
        var words = [Int64](repeating: 0, count: Self.wordCount)
        guard pread(fd, &words, 8 * Self.wordCount, 0) == 8 * Self.wordCount,
            let format = StreamFormat(bitrateKbps: Int(words[2]))
        else { return }
        let (capacity, first, edge) = (words[3], words[4], words[5])
        guard Epoch(bits: UInt64(bitPattern: words[1])).description == epoch else {
            return fail("the root's ring holds another epoch than \(epoch)")
        }
        if reference == nil { reference = Reference(epoch: epoch, frameBytes: format.frameBytes, start: first) }
        guard let known = reference else { return }
        var next = known.end
        if root.life != life {
            life = root.life
            next = max(known.start, next - Self.overlapBytes)
            overlapped += known.end - next
        }
        guard edge >= known.end else { return fail("the root's ring ends at \(edge), and was at \(known.end) before") }
        while next < edge {
            let place = next % capacity
            var bytes = [UInt8](repeating: 0, count: Int(min(edge - next, capacity - place)))
            guard pread(fd, &bytes, bytes.count, off_t(Self.dataOffset + place)) == bytes.count else { return }
            if let wrong = bytes.withUnsafeBytes({ reference?.take($0, at: next) }) {
                return fail("the root's ring has another byte at \(wrong) than before")
            }
            next += Int64(bytes.count)
        }
    }

    private func fail(_ what: String) {
        finding(what)
        stop()
    }
}
