import ForeverHTTP
import Glibc

/// A protected channel without cryptography: a record is its length in four bytes and what was given, sent on a simulated
/// descriptor. Remembers both, so that a test can hold what the peer gets against what was taken.
///
/// **Thread:** the simulation's.
final class SimulatedChannel: RecordChannel, @unchecked Sendable {
    let fd: Int32
    private(set) var pendingBytes = 0
    private(set) var wireBytes: Int64 = 0
    /// all that was taken for good
    private(set) var takenBytes: Int64 = 0
    /// what was taken since somebody looked
    private var fresh: [UInt8] = []
    /// records that the test has not seen arrive yet, and how much of their end the kernel has not taken
    private var expected: [UInt8] = []
    private var unsent: [UInt8] = []
    /// What the code under test must not do, in words.
    private(set) var complaint: String?

    init(fd: Int32) { self.fd = fd }

    func send(_ bytes: UnsafeRawBufferPointer) -> RecordResult {
        if pendingBytes > 0 { complaint = "a record begun while another is pending" }
        if bytes.isEmpty || bytes.count > RecordLimits.bytesMax { complaint = "a record of \(bytes.count) bytes" }
        let length = withUnsafeBytes(of: UInt32(bytes.count)) { Array($0) }
        unsent = length + bytes
        expected += unsent
        pendingBytes = bytes.count
        let result = flush()
        if result != .broken {
            fresh += bytes
            takenBytes += Int64(bytes.count)
        }
        return result
    }

    func flush() -> RecordResult {
        while !unsent.isEmpty {
            let count = Glibc.send(fd, unsent, unsent.count, Int32(MSG_NOSIGNAL))
            if count > 0 {
                unsent.removeFirst(count)
                wireBytes += Int64(count)
                continue
            }
            switch errno {
            case EINTR: continue
            case EAGAIN, ENOBUFS, ENOMEM: return .pending
            default: return .broken
            }
        }
        pendingBytes = 0
        return .sent
    }

    func close() { _ = Glibc.close(fd) }

    func takeFresh() -> [UInt8] {
        var bytes: [UInt8] = []
        swap(&bytes, &fresh)
        return bytes
    }

    /// Whether what has arrived is what comes next of the records.
    func accepts(arrived bytes: [UInt8]) -> Bool {
        guard expected.starts(with: bytes) else { return false }
        expected.removeFirst(bytes.count)
        return true
    }
}
