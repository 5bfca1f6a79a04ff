import ForeverHTTP

/// Looks at a root's relays from outside: whether their addresses lead to them, and whether they send the station's sound.
///
/// Names are looked up once for an inspection and what was found is connected to; no redirect is followed; no credentials are
/// shown where sound is asked for. **Thread:** the loop's.
public final class RelayInspector {
    /// Inspections under way at once.
    public static let runningMax = 8
    /// What a relay holds from a source that was dropped has been played by then. **Units:** ns.
    static let doubtNanosecondsMax: Int64 = 120_000_000_000
    /// Addresses of one name that are tried.
    static let addressesMax = 4
    /// What a player calls itself: a relay must not tell us from a listener.
    static let agentName = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

    /// One relay under inspection.
    private struct Case {
        let url: String
        var plan: InspectionPlan
        /// where its name led at the last challenge
        var address: SocketAddress?
        var isRunning = false
        /// when its sound was the station's last
        var goodNanoseconds: Int64?
        /// since when it has been another, by the fault of the relay that it pulls from perhaps
        var doubtedNanoseconds: Int64?
    }

    private let service: StreamService
    private let directory: RelayDirectory
    private let keys: RelayKeys
    private let client: HTTPClient
    private let say: (String) -> Void
    private var generator: any RandomNumberGenerator
    private var cases: [String: Case] = [:]
    private var running = 0
    private var timer: TimerID?

    /// `say` gets words for the operator.
    public init(
        service: StreamService, directory: RelayDirectory, keys: RelayKeys, client: HTTPClient,
        generator: any RandomNumberGenerator, say: @escaping (String) -> Void
    ) {
        self.service = service
        self.directory = directory
        self.keys = keys
        self.client = client
        self.generator = generator
        self.say = say
        directory.inspects = true
        tick()
    }

    deinit { if let timer { loop.cancel(timer) } }

    private var loop: EventLoop { service.loop }

    /// Once a second: who is new, who is gone, whose turn it is.
    private func tick() {
        timer = loop.schedule(after: .seconds(1)) { [unowned self] in
            look()
            tick()
        }
    }

    /// Looks at whoever is due, at once for a relay that has just come.
    func look() {
        let now = loop.nowNanoseconds
        let records = directory.all
        if cases.count > records.count {
            let known = Set(records.map(\.report.id))
            cases = cases.filter { known.contains($0.key) }
        }
        for record in records where record.isHeard(now: now) {
            let id = record.report.id
            if cases[id]?.url != record.url { cases[id] = Case(url: record.url, plan: InspectionPlan(now: now)) }
            guard running < Self.runningMax, cases[id]?.isRunning == false else { continue }
            let isUsed = record.report.connections > 0 || record.trust.assignedSinceSample > 0
            switch cases[id]?.plan.due(now: now, isUsed: isUsed, using: &generator) {
            case .challenge: challenge(record)
            case .sample: sample(record)
            case nil: break
            }
        }
    }

    private func begin(_ id: String) {
        running += 1
        cases[id]?.isRunning = true
    }

    /// Ends an inspection, unless the relay has moved away meanwhile: then what was found is of nobody.
    private func end(_ record: RelayRecord, _ change: (inout Case) -> Void) {
        running -= 1
        let id = record.report.id
        guard var present = cases[id], present.url == record.url else { return }
        change(&present)
        present.isRunning = false
        cases[id] = present
        directory.stand(id, present.plan.standing)
    }

    // MARK: Address

    private func challenge(_ record: RelayRecord) {
        begin(record.report.id)
        guard let address = HTTPAddress(record.url) else {
            return challenged(record, "its address cannot be read", nil)
        }
        client.lookUp(address) { [weak self] found in
            guard let self else { return }
            switch found {
            case .failure(let error): challenged(record, error.description, nil)
            case .success(let addresses):
                let from = record.trust.reportedFrom.map { AddressScope($0) }
                for found in addresses.prefix(Self.addressesMax) {
                    guard let number = IPAddress(found) else { continue }
                    if let objection = AddressScope(number).objection(reportedFrom: from) {
                        return challenged(record, "\(number): \(objection)", nil)
                    }
                }
                ask(record, address, addresses.prefix(Self.addressesMax))
            }
        }
    }

    private func ask(_ record: RelayRecord, _ address: HTTPAddress, _ places: ArraySlice<SocketAddress>) {
        guard let place = places.first else { return challenged(record, "its name has no address", nil) }
        let id = record.report.id
        let nonce = RelayProof.Nonce(using: &generator)
        client.get(
            address.with(target: RelayChallenge.target(nonce)), deadline: .seconds(8), bodyBytesMax: 4_096, at: place
        ) { [weak self] result in
            guard let self else { return }
            switch result {
            case .failure(.cannotConnect) where places.count > 1: ask(record, address, places.dropFirst())
            case .failure(let error): challenged(record, "\(error)", nil)
            case .success(let reply):
                guard let sign = keys.signer(for: id) else { return challenged(record, "it may not relay", nil) }
                challenged(
                    record, RelayChallenge.objection(to: reply, id: id, nonce, at: address, sign: sign), place)
            }
        }
    }

    private func challenged(_ record: RelayRecord, _ problem: String?, _ place: SocketAddress?) {
        end(record) { present in
            let before = present.plan.standing
            present.plan.challenged(problem, now: loop.nowNanoseconds, using: &generator)
            if problem == nil { present.address = place }
            if let problem, before != present.plan.standing { say("\(named(record)) is unreachable: \(problem)") }
        }
    }

    // MARK: Sound

    /// What a sample needs while it runs.
    private final class Sampling {
        var sample: StreamSample
        var outcome: InspectionPlan.SampleOutcome?
        var request: ClientRequest?
        var timer: TimerID?

        init(ring: StreamRing) { sample = StreamSample(ring: ring) }
    }

    private func sample(_ record: RelayRecord) {
        let id = record.report.id
        guard let ring = service.feed?.ring, let address = HTTPAddress(record.url), let place = cases[id]?.address
        else { return }
        begin(id)
        let isFull = record.takesNobody
        directory.sampled(id)
        let sampling = Sampling(ring: ring)
        func conclude(_ outcome: InspectionPlan.SampleOutcome?) {
            guard let outcome, sampling.outcome == nil else { return }
            sampling.outcome = outcome
            sampling.request?.cancel()
        }
        sampling.timer = loop.schedule(after: .milliseconds(Int64(sampling.sample.secondsMax * 1_000))) {
            sampling.timer = nil
            conclude(sampling.sample.ended("no more in the time given"))
        }
        sampling.request = client.stream(
            address.with(target: "/all.mp3"), headers: ["User-Agent": Self.agentName, "Accept": "*/*"], at: place,
            onHead: { conclude(sampling.sample.begin($0, isFull: isFull)) },
            onBody: { if sampling.outcome == nil { conclude(sampling.sample.take($0)) } },
            onEnd: { [weak self] error in
                guard let self else { return }
                if let timer = sampling.timer { loop.cancel(timer) }
                var outcome = sampling.outcome ?? sampling.sample.ended(error?.description ?? "it hung up")
                // Between two epochs nobody can say who is ahead.
                if service.feed?.ring !== ring { outcome = .open("a new epoch began") }
                sampled(record, outcome)
            })
    }

    private func sampled(_ record: RelayRecord, _ found: InspectionPlan.SampleOutcome) {
        var outcome = found
        if case .altered(let what) = found, isPerhapsItsSources(record) {
            outcome = .poor("\(what), perhaps by the relay that it pulls from")
        }
        end(record) { present in
            if outcome == .good {
                present.goodNanoseconds = loop.nowNanoseconds
                present.doubtedNanoseconds = nil
            }
            let before = present.plan.standing
            present.plan.sampled(outcome, now: loop.nowNanoseconds, using: &generator)
            if case .poor(let problem) = outcome, before != present.plan.standing {
                say("\(named(record)) is unreachable: \(problem)")
            }
        }
        if case .altered(let what) = outcome { drop(record, what) }
    }

    /// Whether a relay that sends other sound may have got it so: then the one it pulls from is looked at first. It is dropped
    /// itself when that one turns out good, or when it has had time to fill up from a better one.
    private func isPerhapsItsSources(_ record: RelayRecord) -> Bool {
        let now = loop.nowNanoseconds
        let id = record.report.id
        let since = cases[id]?.doubtedNanoseconds
        if let source = record.report.source, let held = cases[source] {
            if let since, let good = held.goodNanoseconds, good > since { return false }
            cases[id]?.doubtedNanoseconds = since ?? now
            cases[source]?.plan.suspect(now: now)
            return true
        }
        return since.map { now - $0 < Self.doubtNanosecondsMax } ?? false
    }

    /// The worst there is: it gets no sound and no listeners until the operator has had a word.
    private func drop(_ record: RelayRecord, _ what: String) {
        let id = record.report.id
        say("\(named(record)) ALTERS THE SOUND: \(what). It is dropped until \"forever-server relays restore \(id)\".")
        keys.distrust(
            id, at: record.url, because: "alters the sound: \(what)", wallMilliseconds: loop.wallMilliseconds)
    }

    private func named(_ record: RelayRecord) -> String {
        let name = keys.keyring[record.report.id]?.name.map { "\"\($0)\" " } ?? ""
        return "relay \(name)\(record.report.id) at \(record.url)"
    }
}
