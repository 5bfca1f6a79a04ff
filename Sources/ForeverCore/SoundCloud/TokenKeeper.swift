import Foundation

/// Gets and renews the token: one at a time, stored before it is used. **Thread:** any; whoever comes while another
/// renews waits for that.
final class TokenKeeper: @unchecked Sendable {
    private let lock = NSLock()
    private var machine: TokenMachine
    private let file: TokenFile
    private let settings: CloudSettings
    private let transport: any CloudTransport
    private let clock: any CloudClock
    private let say: @Sendable (String) -> Void

    init(
        settings: CloudSettings, transport: any CloudTransport, clock: any CloudClock, file: TokenFile,
        say: @escaping @Sendable (String) -> Void
    ) {
        self.settings = settings
        self.transport = transport
        self.clock = clock
        self.file = file
        self.say = say
        machine = TokenMachine(record: file.read(clientID: settings.clientID))
    }

    /// A token that is good now. **Errors:** why there is none.
    func token() throws(CloudProblem) -> String {
        lock.lock()
        defer { lock.unlock() }
        for _ in 0..<CloudLimits.tokenStepsMax {
            let now = clock.wallSeconds
            switch machine.advice(nowSeconds: now) {
            case .use(let access): return access
            case .wait(let until): throw .tokenWait(until: until)
            case .refresh(let refresh):
                var fields = [
                    ("grant_type", "refresh_token"), ("refresh_token", refresh), ("client_id", settings.clientID),
                    ("client_secret", settings.clientSecret),
                ]
                if let address = settings.redirectURI { fields.append(("redirect_uri", address)) }
                do throws(CloudProblem) {
                    try ask(fields, basic: false)
                } catch {
                    machine.refused(error, nowSeconds: now)
                    store()
                    switch error {
                    case .refreshUsedTwice, .credentialsRefused: continue
                    default: throw error
                    }
                }
            case .grant:
                machine.grantBegins(nowSeconds: now)
                // Counted on the disk before it is made: a loop of restarts must not use all of them up.
                store()
                var fields = [("grant_type", "client_credentials")]
                let isBasic = settings.tokenStyle == .basic
                if !isBasic {
                    fields += [("client_id", settings.clientID), ("client_secret", settings.clientSecret)]
                }
                do throws(CloudProblem) {
                    try ask(fields, basic: isBasic)
                } catch {
                    machine.refused(error, nowSeconds: now)
                    store()
                    throw error
                }
            }
        }
        throw .refreshUsedTwice
    }

    /// The API did not take it.
    func rejected(_ access: String) {
        lock.lock()
        defer { lock.unlock() }
        machine.rejected(access)
    }

    func forgetTimes() {
        lock.lock()
        defer { lock.unlock() }
        machine.forgetTimes()
    }

    /// A play is about to be asked for. **Errors:** the day's are used up.
    func countPlay() throws(CloudProblem) {
        lock.lock()
        defer { lock.unlock() }
        let now = clock.wallSeconds
        if let until = machine.record.plays.waitUntil(nowSeconds: now) { throw .playQuota(until: until) }
        machine.playBegins(nowSeconds: now)
        store()
    }

    private func ask(_ fields: [(String, String)], basic: Bool) throws(CloudProblem) {
        var headers = [
            "Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json; charset=utf-8",
        ]
        if basic {
            let pair = Data("\(settings.clientID):\(settings.clientSecret)".utf8).base64EncodedString()
            headers["Authorization"] = "Basic \(pair)"
        }
        let request = CloudRequest(
            settings.addresses.tokenURL, method: "POST", headers: headers,
            body: Array(CloudAddresses.form(fields).utf8), bytesMax: CloudLimits.errorBytesMax)
        let answer = try TokenKeeper.answer(to: request, transport, nowSeconds: clock.wallSeconds)
        machine.granted(
            CloudToken(
                access: answer.access, refresh: answer.refresh, lifeSeconds: answer.lifeSeconds,
                nowSeconds: clock.wallSeconds))
        store()
    }

    private static func answer(
        to request: CloudRequest, _ transport: any CloudTransport, nowSeconds: Double
    ) throws(CloudProblem) -> TokenAnswer {
        let reply = try CloudClient.exchange(request, transport)
        if reply.status == 200 {
            if let answer = try? JSONDecoder().decode(TokenAnswer.self, from: Data(reply.body)) { return answer }
            throw reply.looksLikeHTML ? .front(status: 200) : .outage(status: 200)
        }
        let problem = CloudProblem(reply, at: .token, nowSeconds: nowSeconds)
        // Whatever is wrong with the token host is about no track: there is none to be passed over.
        throw problem.consequence == .passOver ? .outage(status: reply.status) : problem
    }

    private func store() {
        do throws(TokenFileError) {
            try file.write(machine.record)
        } catch {
            say("SoundCloud: a restart will need a new token: \(error)")
        }
    }
}
