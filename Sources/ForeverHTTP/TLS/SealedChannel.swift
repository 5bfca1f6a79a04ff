import ForeverHTTP
import Glibc

/// A TLS 1.3 connection on which only sending is left, without OpenSSL's connection object: a descriptor and the keys.
///
/// What the peer sends is not read any more: it has nothing to say but that it goes, which the next send tells, or that it
/// wants other keys, without which it goes on (RFC 8446 section 4.6.3 asks for an answer before the next data; no player
/// that only listens sends that many records). **Cost:** no allocation but for a record that the kernel does not take whole.
final class SealedChannel: RecordChannel, @unchecked Sendable {
    private(set) var fd: Int32
    private(set) var wireBytes: Int64
    private(set) var pendingBytes = 0
    private var seal: RecordSeal
    /// what the kernel has not taken of a record, from `restStart` on
    private var rest: UnsafeMutableRawBufferPointer?
    private var restStart = 0

    /// Takes over the descriptor, on which so much was sent before.
    init(fd: Int32, wireBytes: Int64, _ seal: RecordSeal) {
        self.fd = fd
        self.wireBytes = wireBytes
        self.seal = seal
    }

    deinit {
        dropRest()
        seal.wipe()
        if fd >= 0 { _ = Glibc.close(fd) }
    }

    func send(_ bytes: UnsafeRawBufferPointer) -> RecordResult {
        precondition(pendingBytes == 0)
        guard let record = seal.seal(bytes, .sound) else { return .broken }
        guard let taken = give(record) else { return .broken }
        guard taken < record.count else { return .sent }
        let rest = UnsafeMutableRawBufferPointer.allocate(byteCount: record.count - taken, alignment: 16)
        rest.copyMemory(from: UnsafeRawBufferPointer(rebasing: record[taken...]))
        self.rest = rest
        restStart = 0
        pendingBytes = bytes.count
        return .pending
    }

    func flush() -> RecordResult {
        guard let rest else { return .sent }
        guard let taken = give(UnsafeRawBufferPointer(rebasing: rest[restStart...])) else { return .broken }
        restStart += taken
        guard restStart == rest.count else { return .pending }
        dropRest()
        return .sent
    }

    private func dropRest() {
        rest?.deallocate()
        rest = nil
        pendingBytes = 0
    }

    /// How much the kernel took, which may be nothing; nil when the peer is gone.
    private func give(_ bytes: UnsafeRawBufferPointer) -> Int? {
        while true {
            let taken = Glibc.send(fd, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
            if taken >= 0 {
                wireBytes += Int64(taken)
                return taken
            }
            switch errno {
            case EINTR: continue
            // A kernel that is short of memory is waited for as one without room.
            case EAGAIN, ENOBUFS, ENOMEM: return 0
            default: return nil
            }
        }
    }

    func close() {
        guard fd >= 0 else { return }
        // Warning, close_notify (RFC 8446 section 6.1).
        let goodbye: [UInt8] = [1, 0]
        if pendingBytes == 0, let record = goodbye.withUnsafeBytes({ seal.seal($0, .alert) }) { _ = give(record) }
        dropRest()
        _ = Glibc.close(fd)
        fd = -1
    }
}
