import ForeverHTTP
import ForeverRelay

/// Collects what the root really sends, as a relay: up to the mixing edge, again and again, with overlaps.
///
/// **Thread:** the loop's.
final class ReferenceReader: ReferenceSource {
    /// Bytes known already that are asked for once more after a cut: they must be the same. 4 s at 128 kbit/s.
    private static let overlapBytes: Int64 = 64_000
    private static let retryMilliseconds: Int64 = 200
    /// A relay's name of the right form.
    private static let id = "reference0reader"

    private let client: HTTPClient
    private let address: HTTPAddress
    private let sign: MessageSigner
    private var generator: SystemRandomNumberGenerator
    private let finding: (String) -> Void
    private(set) var reference: Reference?
    private var cuts = 0
    private var overlapped: Int64 = 0
    private var request: ClientRequest?
    private var position: Int64?
    private var isStopped = false

    init(client: HTTPClient, root: String, sign: @escaping MessageSigner, finding: @escaping (String) -> Void) {
        self.client = client
        address = HTTPAddress(root + "/all.mp3")!
        self.sign = sign
        self.finding = finding
        generator = SystemRandomNumberGenerator()
    }

    var said: String { "\(cuts) cuts, \(overlapped) sent twice and the same" }

    func start(_ epoch: String) {
        guard !isStopped else { return }
        var headers: HeaderFields = [
            "Authorization": RelayProof.authorization(
                id: Self.id, method: .GET, target: address.target, body: [],
                wallMilliseconds: client.loop.wallMilliseconds, using: &generator, sign: sign)
        ]
        headers.add("Forever-Epoch", epoch)
        let next = reference.map { max($0.start, $0.end - Self.overlapBytes) } ?? 0
        headers.add("Forever-Position", String(next))
        request = client.stream(
            address, headers: headers, silence: .seconds(30),
            onHead: { [unowned self] in take($0) }, onBody: { [unowned self] in take($0) },
            onEnd: { [unowned self] _ in
                if position != nil { cuts += 1 }
                position = nil
                request = nil
                guard !isStopped else { return }
                client.loop.schedule(after: .milliseconds(Self.retryMilliseconds)) { [weak self] in self?.start(epoch) }
            })
    }

    func stop() {
        isStopped = true
        request?.cancel()
    }

    private func take(_ head: ResponseHead) {
        guard head.status == .ok, let epoch = head.headers["Forever-Epoch"],
            let first = head.headers["Forever-Position"].flatMap({ Int64($0) }),
            let rate = head.headers["Forever-Byte-Rate"].flatMap({ Int64($0) }),
            let format = StreamFormat(byteRate: rate)
        else {
            request?.cancel()
            return
        }
        if let reference {
            if reference.epoch != epoch { return fail("the root plays a new epoch, \(epoch)") }
            if first > reference.end { return fail("the root has no longer what follows \(reference.end)") }
            overlapped += max(0, reference.end - first)
        } else {
            reference = Reference(epoch: epoch, frameBytes: format.frameBytes, start: first)
        }
        position = first
    }

    private func take(_ bytes: UnsafeRawBufferPointer) {
        guard let at = position else { return }
        if let wrong = reference?.take(bytes, at: at) {
            return fail("the root contradicts itself: another byte at \(wrong) than it sent before")
        }
        position = at + Int64(bytes.count)
    }

    /// What comes after this could not be compared with anything.
    private func fail(_ what: String) {
        finding(what)
        stop()
    }
}
