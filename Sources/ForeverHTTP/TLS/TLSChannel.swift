import COpenSSL
import ForeverHTTP

/// A protected connection on which only sending is left, in OpenSSL's hands: with TLS 1.2, or where `SealedChannel` cannot
/// take over.
///
/// The peer's bytes are not read any more; with TLS 1.2 nothing can come that needs an answer, since renegotiation is off,
/// and a peer that wants other keys with TLS 1.3 goes on without them.
final class TLSChannel: RecordChannel, @unchecked Sendable {
    private let connection: TLSConnection

    init(_ connection: TLSConnection) {
        self.connection = connection
        connection.becomePatient()
    }

    deinit { connection.close() }

    var fd: Int32 { connection.fd }
    var pendingBytes: Int { connection.pendingBytes }
    var wireBytes: Int64 { connection.sentBytes }

    func send(_ bytes: UnsafeRawBufferPointer) -> RecordResult {
        precondition(connection.pendingBytes == 0 && !bytes.isEmpty && bytes.count <= RecordLimits.bytesMax)
        return result(connection.write(bytes))
    }

    func flush() -> RecordResult {
        guard connection.pendingBytes > 0 else { return .sent }
        return result(connection.write(Self.stand))
    }

    private func result(_ moved: TransportResult) -> RecordResult {
        switch moved {
        case .moved: .sent
        case .waitWritable: .pending
        case .waitReadable, .ended, .failed: .broken
        }
    }

    func close() {
        connection.sayGoodbye()
        connection.close()
    }

    /// Stands for the bytes of a pending record, which are long encrypted.
    private nonisolated(unsafe) static let stand: UnsafeRawBufferPointer = {
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: RecordLimits.bytesMax, alignment: 16)
        bytes.initializeMemory(as: UInt8.self, repeating: 0)
        return UnsafeRawBufferPointer(bytes)
    }()
}
