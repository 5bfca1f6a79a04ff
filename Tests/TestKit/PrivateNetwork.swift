internal import CScriptedCalls
import Glibc

/// A network of one thread's own: nothing in it but a loopback that counts what passes.
package enum PrivateNetwork {
    /// Whether one can be had here; it needs the rights of root.
    package static let isAvailable: Bool = {
        var works = false
        run { works = $0 }
        return works
    }()

    /// Bytes and packets that have passed, as the interface counts them: without the frame around each.
    package static var passed: (bytes: Int64, packets: Int64) {
        var bytes: UInt64 = 0
        var packets: UInt64 = 0
        guard private_network_sent(&bytes, &packets) == 0 else { return (0, 0) }
        return (Int64(bytes), Int64(packets))
    }

    /// Runs `body` on a thread inside such a network, told whether there is one, and waits for it.
    package static func run(_ body: (_ isPrivate: Bool) -> Void) {
        withoutActuallyEscaping(body) { body in
            let box = Unmanaged.passRetained(Box { body(private_network_enter(1_500) == 0) })
            var thread = pthread_t()
            let status = pthread_create(
                &thread, nil,
                { argument in
                    Unmanaged<Box>.fromOpaque(argument!).takeRetainedValue().work()
                    return nil
                }, box.toOpaque())
            guard status == 0 else { return box.release() }
            pthread_join(thread, nil)
        }
    }

    private final class Box {
        let work: () -> Void
        init(_ work: @escaping () -> Void) { self.work = work }
    }
}
