import Glibc
import Synchronization

/// Host names to addresses. Looking one up can take seconds, so the loop has it done on a helper thread.
package enum Resolver {
    /// The addresses of a host, in the order to try them; on the calling thread. **Errors:** `getaddrinfo` with its own
    /// code made negative.
    package static func lookUp(host: String, port: UInt16) throws(SystemError) -> [SocketAddress] {
        if let address = SocketAddress(numericHost: host, port: port) { return [address] }
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, nil, &hints, &list)
        guard code == 0 else { throw SystemError("getaddrinfo", code: code) }
        defer { freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var next = list
        while let entry = next {
            let address = SocketAddress(entry.pointee.ai_addr, length: Int(entry.pointee.ai_addrlen)).with(port: port)
            if !addresses.contains(address) { addresses.append(address) }
            next = entry.pointee.ai_next
        }
        return addresses
    }

    /// Threads looking up at once; a name server that does not answer holds each for some 10 s.
    package static let threadsMax = 16
    private static let threadCount = Atomic<Int>(0)

    private final class Job {
        let host: String
        let port: UInt16
        let loop: EventLoop
        let answer: LoopBound<(Result<[SocketAddress], SystemError>) -> Void>

        init(
            _ host: String, _ port: UInt16, _ loop: EventLoop,
            _ answer: @escaping (Result<[SocketAddress], SystemError>) -> Void
        ) {
            self.host = host
            self.port = port
            self.loop = loop
            self.answer = LoopBound(answer, loop: loop)
        }
    }

    /// Looks up on a thread of its own and answers on the loop. Numbers are answered in the next turn without a thread.
    static func lookUp(
        host: String, port: UInt16, loop: EventLoop,
        answer: @escaping (Result<[SocketAddress], SystemError>) -> Void
    ) {
        if let address = SocketAddress(numericHost: host, port: port) {
            loop.schedule(after: .zero) { answer(.success([address])) }
            return
        }
        guard threadCount.add(1, ordering: .relaxed).newValue <= threadsMax else {
            threadCount.subtract(1, ordering: .relaxed)
            loop.schedule(after: .zero) { answer(.failure(SystemError("getaddrinfo", code: EAI_AGAIN))) }
            return
        }
        let job = Unmanaged.passRetained(Job(host, port, loop, answer))
        var thread = pthread_t()
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        pthread_attr_setstacksize(&attributes, 256 * 1_024)
        defer { pthread_attr_destroy(&attributes) }
        let code = pthread_create(
            &thread, &attributes,
            { context in
                let job = Unmanaged<Job>.fromOpaque(context!).takeRetainedValue()
                Resolver.run(job)
                return nil
            }, job.toOpaque())
        if code != 0 {
            job.release()
            threadCount.subtract(1, ordering: .relaxed)
            loop.schedule(after: .zero) { answer(.failure(SystemError("pthread_create", code: code))) }
        }
    }

    private static func run(_ job: Job) {
        let result: Result<[SocketAddress], SystemError>
        do throws(SystemError) {
            result = .success(try lookUp(host: job.host, port: job.port))
        } catch {
            result = .failure(error)
        }
        threadCount.subtract(1, ordering: .relaxed)
        let answer = job.answer
        job.loop.post { answer.value(result) }
    }
}
