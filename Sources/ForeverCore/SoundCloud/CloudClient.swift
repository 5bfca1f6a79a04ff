import Foundation

/// Asks SoundCloud: with the token where it belongs, without it everywhere else. **Thread:** any; every call blocks.
///
/// It asks once (twice where the token turned out to be over) and says what went wrong; when to ask again is decided
/// by whoever asks.
public final class CloudClient: Sendable {
    public let settings: CloudSettings
    public let clock: any CloudClock
    let transport: any CloudTransport
    let keeper: TokenKeeper

    public init(
        settings: CloudSettings, transport: any CloudTransport, clock: any CloudClock = SystemCloudClock(),
        file: TokenFile, say: @escaping @Sendable (String) -> Void
    ) {
        self.settings = settings
        self.transport = transport
        self.clock = clock
        keeper = TokenKeeper(settings: settings, transport: transport, clock: clock, file: file, say: say)
    }

    // MARK: Asking

    /// One exchange, its failures in our words.
    static func exchange(_ request: CloudRequest, _ transport: any CloudTransport) throws(CloudProblem) -> CloudReply {
        do throws(CloudTransportError) {
            return try transport.exchange(request)
        } catch {
            if case .tooLarge = error { throw .malformed("\(error)") }
            throw .unreachable("\(error)")
        }
    }

    /// An answer of the API: 200, or 302 with its `Location`.
    func reply(_ url: URL, at place: CloudProblem.Place) throws(CloudProblem) -> CloudReply {
        // The token goes nowhere else, whatever an answer said.
        guard settings.addresses.isAPI(url) else { throw .refused(.foreignAddress(url.host ?? "nowhere")) }
        for asking in 1...CloudLimits.askingsMax {
            let token = try keeper.token()
            let reply = try CloudClient.exchange(
                CloudRequest(
                    url,
                    headers: [
                        "Authorization": "OAuth \(token)", "Accept": "application/json; charset=utf-8",
                    ], bytesMax: CloudLimits.answerBytesMax), transport)
            if reply.status == 200 || reply.isRedirect { return reply }
            let problem = CloudProblem(reply, at: place, nowSeconds: clock.wallSeconds)
            guard problem == .unauthorized else { throw problem }
            keeper.rejected(token)
            if asking == CloudLimits.askingsMax { throw problem }
        }
        throw .unauthorized
    }

    func answer<Answer: Decodable>(
        _ url: URL, at place: CloudProblem.Place = .api, as type: Answer.Type = Answer.self
    ) throws(CloudProblem) -> Answer {
        let reply = try reply(url, at: place)
        guard reply.status == 200 else { throw .malformed("a redirect where data was asked for") }
        if let answer = try? JSONDecoder().decode(type, from: Data(reply.body)) { return answer }
        throw reply.looksLikeHTML ? .front(status: reply.status) : .malformed("not the data that was asked for")
    }

    /// Bytes from the hosts of sound and pictures. No token goes there.
    func media(_ url: URL, bytesMax: Int) throws(CloudProblem) -> CloudReply {
        guard settings.addresses.isMedia(url) else { throw .refused(.foreignAddress(url.host ?? "nowhere")) }
        let reply = try CloudClient.exchange(CloudRequest(url, bytesMax: bytesMax), transport)
        guard reply.status == 200 else { throw CloudProblem(reply, at: .media, nowSeconds: clock.wallSeconds) }
        return reply
    }

    /// The clock was put back: times that lie far ahead now say nothing.
    public func forgetTimes() { keeper.forgetTimes() }

    // MARK: Tracks

    /// One track as it is now. **Errors:** `.notFound`, or another track than the one asked for.
    public func track(_ urn: CloudURN) throws(CloudProblem) -> CloudTrack {
        let track: CloudTrack = try answer(settings.addresses.api("/tracks/\(urn)"))
        // Answers of others have been seen.
        guard track.id == urn else { throw .malformed("another track than the one asked for") }
        return track
    }

    /// What a link leads to.
    public func resolve(_ link: CloudLink) throws(CloudProblem) -> CloudURN {
        switch link {
        case .name(let urn): return urn
        case .page(let address):
            let reply = try reply(settings.addresses.api("/resolve", [("url", address)]), at: .api)
            let target = reply["location"] ?? (try? JSONDecoder().decode(Resolved.self, from: Data(reply.body)))?.target
            guard let urn = target.flatMap({ CloudURN(text: $0) }) else {
                throw .malformed("\(address) leads nowhere that is known")
            }
            return urn
        }
    }

    private struct Resolved: Decodable {
        var target: String?
        init(from decoder: any Decoder) throws {
            let fields = try CloudFields(decoder)
            target = fields.text("location") ?? fields.text("urn") ?? fields.text("uri")
        }
    }

    /// A picture of the track, in the size the site itself uses or else as it was given; nil where there is none.
    public func picture(of track: CloudTrack) throws(CloudProblem) -> [UInt8]? {
        guard let given = track.pictureAddress else { return nil }
        let large = given.replacing(#/-large(?=\.[a-z]+$)/#, with: "-t500x500")
        for address in large == given ? [given] : [large, given] {
            guard let url = URL(string: address), settings.addresses.isMedia(url) else { continue }
            do throws(CloudProblem) {
                return try media(url, bytesMax: CloudLimits.pictureBytesMax).body
            } catch {
                if case .unreachable = error { throw error }
            }
        }
        return nil
    }
}
