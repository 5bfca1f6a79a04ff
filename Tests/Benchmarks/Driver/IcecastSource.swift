import Foundation
import Synchronization

/// What a live source does for Icecast: the burst at once, then the material in real time, ten pieces a second.
///
/// **Thread:** one of its own, from the start until `stop()`.
final class IcecastSource: Sendable {
    private let isStopped = Atomic<Bool>(false)
    private static let pause = 0.1

    init(port: Int, file: String) {
        Thread { [self] in
            let bytes = (try? Data(contentsOf: URL(fileURLWithPath: file))).map { [UInt8]($0) } ?? []
            while !isStopped.load(ordering: .relaxed), !bytes.isEmpty {
                feed(bytes, port: port)
                Thread.sleep(forTimeInterval: Self.pause)
            }
        }.start()
    }

    func stop() { isStopped.store(true, ordering: .relaxed) }

    /// One connection, until it breaks or nobody wants it any more.
    private func feed(_ bytes: [UInt8], port: Int) {
        guard let fd = LoopbackHTTP.connect(port: port) else { return }
        defer { close(fd) }
        let credentials = Data("source:\(IcecastConfiguration.password)".utf8).base64EncodedString()
        let head = """
            SOURCE \(IcecastConfiguration.mount) ICE/1.0\r
            Authorization: Basic \(credentials)\r
            Content-Type: audio/mpeg\r
            \r

            """
        var reply = [UInt8](repeating: 0, count: 1_024)
        guard LoopbackHTTP.send(head.utf8, to: fd), recv(fd, &reply, reply.count, 0) > 0,
            String(decoding: reply, as: UTF8.self).contains(" 200 ")
        else { return }
        let start = DispatchTime.now().uptimeNanoseconds
        var sent = 0
        while !isStopped.load(ordering: .relaxed) {
            let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
            let due = Server.burstSeconds * Server.byteRate + Int(seconds * Double(Server.byteRate))
            while sent < due {
                let at = sent % bytes.count
                let count = min(due - sent, bytes.count - at)
                guard LoopbackHTTP.send(bytes[at..<(at + count)], to: fd) else { return }
                sent += count
            }
            Thread.sleep(forTimeInterval: Self.pause)
        }
    }
}
