import ForeverCatalogue
import ForeverCore
import ForeverHTTP
import ForeverRelay
import Foundation

/// The operator's paths: what plays next, what must be mixed in, what is never to be played, how transitions went. Every
/// one wants the operator's token. **Thread:** the loop's; what may wait for the disk is done beside it.
final class OperatorDesk {
    /// Tracks of one answer.
    static let foundMax = 50

    private let loop: EventLoop
    private let feed: StreamFeed
    private let shelf: LibraryShelf
    private let finder: WishFinder
    private let wishes: WishDesk
    private let token: OperatorToken
    /// Whether the token may come by plain http over the open net.
    private let isInsecure: Bool
    private let queue = DispatchQueue(label: "forever.operator")

    init(
        loop: EventLoop, feed: StreamFeed, shelf: LibraryShelf, finder: WishFinder, wishes: WishDesk,
        token: OperatorToken, isInsecure: Bool
    ) {
        self.loop = loop
        self.feed = feed
        self.shelf = shelf
        self.finder = finder
        self.wishes = wishes
        self.token = token
        self.isInsecure = isInsecure
    }

    func install(into router: Router) {
        on(router, .GET, "/operator/tracks") { [unowned self] in find($0) }
        on(router, .GET, "/operator/wishes") { [unowned self] _ in .json(list().bytes) }
        on(router, .POST, "/operator/wishes") { [unowned self] in wish($0) }
        on(router, .DELETE, "/operator/wishes/:id") { [unowned self] in cancel($0) }
        on(router, .POST, "/operator/corrections") { [unowned self] in correct($0) }
        on(router, .GET, "/operator/transitions") { [unowned self] in transitions($0) }
    }

    private func on(_ router: Router, _ method: ForeverHTTP.Method, _ path: String, _ handler: @escaping Router.Handler)
    {
        router.on(method, path) { [token, isInsecure] request in
            if !isInsecure, request.effectiveScheme != "https", let client = request.clientAddress,
                !PlainPath.isSafe(client)
            {
                return Self.error("no token by plain http from \(client.host): \(PlainPath.reason)", .forbidden)
            }
            guard token.admits(request.headers["Authorization"]) else {
                var refusal = Self.error("the operator's token is wanted", .unauthorized)
                refusal.headers["WWW-Authenticate"] = "Bearer"
                return refusal
            }
            return handler(request)
        }
    }

    // MARK: Answers

    private static func error(_ words: String, _ status: Status) -> Response {
        .json(error(words).bytes, status: status)
    }

    private static func error(_ words: String) -> JSONValue { ["error": .string(words)] }

    private static func json(_ track: Track) -> JSONValue {
        .object([JSONMember(name: "id", value: .string(track.id))] + shown(track))
    }

    /// How a track is called, and who is to be named with it.
    private static func shown(_ track: Track?) -> [JSONMember] {
        [
            JSONMember(name: "title", value: .text(track?.title)),
            JSONMember(name: "artist", value: .text(track?.artist)),
            JSONMember(name: "link", value: .text(track?.link)),
            JSONMember(name: "uploader", value: .text(track?.credit?.uploader)),
            JSONMember(name: "uploaderLink", value: .text(track?.credit?.uploaderLink)),
            JSONMember(name: "source", value: .text(track?.credit?.source)),
        ]
    }

    private func list() -> JSONValue {
        [
            "wishes": .array(
                wishes.list.wishes.map { wish in
                    .object(
                        [
                            JSONMember(name: "id", value: .integer(wish.id)),
                            JSONMember(name: "kind", value: .string(wish.kind.rawValue)),
                            JSONMember(name: "track", value: .string(wish.trackID)),
                        ] + Self.shown(shelf.crate[wish.trackID]?.track))
                })
        ]
    }

    private func find(_ request: Request) -> Response {
        guard let text = request.query("find"), !text.isEmpty else {
            return Self.error("find= names what to look for", .badRequest)
        }
        let found = shelf.crate.find(text, limit: Self.foundMax)
        return .json(
            ([
                "tracks": .array(
                    found.map { entry in
                        .object(
                            [JSONMember(name: "id", value: .string(entry.track.id))] + Self.shown(entry.track) + [
                                JSONMember(name: "from", value: .string(entry.track.spokenOrigin)),
                                JSONMember(
                                    name: "notLetIn",
                                    value: .text(shelf.crate.objection(to: entry.track.id).map { "\($0)" })),
                            ])
                    })
            ] as JSONValue).bytes)
    }

    /// Answers on the loop, from whatever thread. **Thread:** any.
    private typealias Answering = @Sendable (JSONValue, Status) -> Void

    /// Work that may wait for the disk, beside the loop.
    private func later(_ work: @escaping @Sendable (_ answer: @escaping Answering) -> Void) -> Response {
        .deferred { [loop, queue] responder in
            let carried = LoopBound(responder, loop: loop)
            let answer: Answering = { value, status in
                loop.post { carried.value.answer(.json(value.bytes, status: status)) }
            }
            queue.async { work(answer) }
        }
    }

    private func transitions(_ request: Request) -> Response {
        guard let onlyMissed = Bool(request.query("missed") ?? "false") else {
            return Self.error("missed= must be true or false", .badRequest)
        }
        return later { [catalogue = shelf.catalogue] answer in
            do throws(CatalogueError) {
                answer(try KeptTransitions(catalogue: catalogue).value(onlyMissed: onlyMissed), .ok)
            } catch {
                answer(Self.error("\(error)"), .internalServerError)
            }
        }
    }

    private func wish(_ request: Request) -> Response {
        guard let kind = WishList.Kind(rawValue: request.query("kind") ?? "next") else {
            return Self.error("kind= must be next or mustMix", .badRequest)
        }
        guard let name = request.query("track"), !name.isEmpty else {
            return Self.error("track= names an id, the path of a file or a link to SoundCloud", .badRequest)
        }
        let desk = LoopBound(self, loop: loop)
        return later { [finder, wishes, loop] answer in
            do {
                let track = try finder.find(name)
                let number = try wishes.ask(kind, for: track.id) { decided, id in
                    loop.post { answer(desk.value.json(decided, wish: id, kind, track), .accepted) }
                }
                if number == nil { answer(Self.error("too many wishes wait"), .serviceUnavailable) }
            } catch let refusal as WishFinder.Refusal {
                answer(Self.error("\(refusal)"), Self.status(refusal))
            } catch {
                answer(Self.error("\(error)"), .internalServerError)
            }
        }
    }

    private static func status(_ refusal: WishFinder.Refusal) -> Status {
        switch refusal {
        case .unknown: .notFound
        case .refused: .conflict
        case .unreachable: .serviceUnavailable
        }
    }

    private func cancel(_ request: Request) -> Response {
        guard let id = request.parameters["id"].flatMap({ Int64($0) }) else {
            return Self.error("a wish has a number", .badRequest)
        }
        return later { [wishes] answer in
            if wishes.cancel(id) {
                answer(["id": .integer(id)], .ok)
            } else {
                answer(Self.error("no such wish waits"), .notFound)
            }
        }
    }

    private func correct(_ request: Request) -> Response {
        guard let name = request.query("track"), !name.isEmpty else {
            return Self.error("track= names an id or the path of a file", .badRequest)
        }
        var change = Correction()
        for (field, path) in [("neverPlay", \Correction.neverPlay), ("neverMix", \Correction.neverMix)] {
            guard let word = request.query(field) else { continue }
            guard let value = Bool(word) else { return Self.error("\(field)= must be true or false", .badRequest) }
            change[keyPath: path] = value
        }
        guard !change.isEmpty else { return Self.error("neverPlay= or neverMix= says what is to hold", .badRequest) }
        let desk = LoopBound(self, loop: loop)
        return later { [shelf, wishes, loop, change] answer in
            guard let entry = shelf.find(name) else { return answer(Self.error("no such track is known"), .notFound) }
            do {
                let said = try shelf.putRight(entry, with: change)
                let left = change.neverPlay == true ? said.track.id : nil
                let reply: WishDesk.Reply = { decided, _ in
                    loop.post { answer(desk.value.json(said, left == nil ? nil : decided), .ok) }
                }
                guard let left else { return reply(WishDesk.Answer(notBeforeFrame: 0), 0) }
                if !wishes.leave(left, reply: reply) { reply(WishDesk.Answer(notBeforeFrame: 0), 0) }
            } catch {
                answer(Self.error("\(error)"), .internalServerError)
            }
        }
    }

    // MARK: Positions and times

    private func json(_ answer: WishDesk.Answer, wish id: Int64, _ kind: WishList.Kind, _ track: Track) -> JSONValue {
        [
            "id": .integer(id), "kind": .string(kind.rawValue), "track": Self.json(track),
            "state": answer.startFrame == nil ? "waiting" : "decided",
            "notBeforePosition": .integer(position(answer.notBeforeFrame)),
            "notBeforeMilliseconds": .integer(milliseconds(answer.notBeforeFrame)),
            "startPosition": answer.startFrame.map { .integer(position($0)) } ?? .null,
            "startMilliseconds": answer.startFrame.map { .integer(milliseconds($0)) } ?? .null,
            "titlePosition": answer.titleFrame.map { .integer(position($0)) } ?? .null,
            "livePosition": .integer(feed.live), "mixingEdgePosition": .integer(feed.edge),
        ]
    }

    private func json(_ entry: CrateTrack, _ left: WishDesk.Answer?) -> JSONValue {
        let said = shelf.analyst.corrections[entry.contentKey]
        let bySidecar = shelf.analyst.corrections.from(.sidecar, entry.contentKey)
        return [
            "track": Self.json(entry.track), "neverPlay": .bool(said?.neverPlay == true),
            "neverMix": .bool(said?.neverMix == true), "saidBesideTheMusic": .bool(bySidecar != nil),
            "leftPosition": left?.startFrame.map { .integer(position($0)) } ?? .null,
            "leftMilliseconds": left?.startFrame.map { .integer(milliseconds($0)) } ?? .null,
        ]
    }

    private func position(_ frame: Int64) -> StreamPosition { max(0, feed.format.position(ofSample: frame)) }

    /// When a frame is heard at the live edge. **Units:** ms since 1970.
    private func milliseconds(_ frame: Int64) -> Int64 {
        let ahead = feed.format.seconds(bytes: position(frame) - feed.live)
        return loop.wallMilliseconds + Int64(ahead * 1_000)
    }
}
