import ForeverHTTP

/// A relay's side of `/relays`: registers, reports every few seconds, and steers the live edge by the replies.
///
/// **Thread:** the loop's.
public final class RelayReporter {
    /// A root that could not be reached is tried again so soon: one that was restarted knows nobody until they report.
    public static let retrySeconds: Int64 = 1
    /// A reply that took longer says too little about the moment it speaks of.
    public static let roundTripNanosecondsMax: Int64 = 1_000_000_000

    private let service: StreamService
    private let client: HTTPClient
    private let credentials: RelayCredentials
    private let address: HTTPAddress
    private let report: () -> RelayReport
    private var timer: TimerID?
    private var reportSeconds = RelayDesk.reportSeconds
    private var isStopped = false
    /// Whether the root took the last report.
    public private(set) var isRegistered = false
    public private(set) var lastError: String?
    /// Called with every reply of a root that took the report.
    var onReply: ((JSONValue) -> Void)?

    public init(
        service: StreamService, client: HTTPClient, root: HTTPAddress, credentials: RelayCredentials,
        report: @escaping () -> RelayReport
    ) {
        self.service = service
        self.client = client
        self.credentials = credentials
        address = root.with(target: "/relays")
        self.report = report
    }

    public func start() {
        guard !isStopped else { return }
        send()
        again(afterSeconds: reportSeconds)
    }

    private func again(afterSeconds seconds: Int64) {
        guard !isStopped else { return }
        if let timer { service.loop.cancel(timer) }
        timer = service.loop.schedule(after: .seconds(seconds)) { [unowned self] in start() }
    }

    public func stop() {
        isStopped = true
        if let timer { service.loop.cancel(timer) }
        timer = nil
    }

    /// Reports at once, besides the regular times.
    public func send() {
        let body = report().json.bytes
        let headers: HeaderFields = ["Authorization": credentials.authorization(.POST, address.target, body: body)]
        let asked = service.loop.nowNanoseconds
        client.post(address, headers: headers, body: body, deadline: .seconds(5), bodyBytesMax: 65_536) {
            [weak self] result in self?.take(result, asked: asked)
        }
    }

    private func take(_ result: Result<ClientReply, ClientError>, asked: Int64) {
        isRegistered = false
        switch result {
        case .failure(let error):
            lastError = error.description
            again(afterSeconds: Self.retrySeconds)
        case .success(let reply) where reply.status == .ok:
            guard let json = try? JSONParser.parse(reply.body) else {
                lastError = "the root's answer is not JSON"
                return
            }
            isRegistered = true
            lastError = nil
            if let seconds = json["reportSeconds"]?.integer, (1...60).contains(seconds) { reportSeconds = seconds }
            if let granted = json["listenerLimit"] {
                service.listenersGranted = granted.integer.flatMap { (0...10_000_000).contains($0) ? Int($0) : nil }
            }
            if let time = json["serverTimeMilliseconds"]?.integer { credentials.learn(rootMilliseconds: time) }
            steer(json, asked: asked)
            onReply?(json)
        case .success(let reply):
            if reply.status == .unauthorized { credentials.learn(from: reply.headers) }
            lastError = "the root answers \(reply.status): \(String(decoding: reply.body.prefix(200), as: UTF8.self))"
        }
    }

    /// The root's live edge now is what it said plus half the time that the answer took.
    private func steer(_ json: JSONValue, asked: Int64) {
        let roundTrip = service.loop.nowNanoseconds - asked
        guard let feed = service.feed, json["epoch"]?.string == feed.epoch.description,
            let live = json["livePosition"]?.integer, json["isStarved"]?.bool == false,
            roundTrip >= 0, roundTrip <= Self.roundTripNanosecondsMax
        else { return }
        feed.steer(towards: live + feed.format.bytes(nanoseconds: roundTrip / 2), now: service.now)
    }
}
