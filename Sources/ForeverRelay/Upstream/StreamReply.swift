import ForeverHTTP

/// What the head of a stream reply says, as far as a relay needs it. Pure.
enum StreamReply: Hashable {
    /// sound comes, from this position on
    case sound(Place)
    /// 409: this is not what is played; ask without a position
    case conflict(Place?)
    /// 302
    case elsewhere(String)
    case unauthorized
    /// anything else, with the reason
    case refused(String)

    /// The `Forever-*` fields.
    struct Place: Hashable {
        var epoch: Epoch
        var format: StreamFormat
        var position: StreamPosition
        var live: StreamPosition
    }

    /// No honest position is as large: 2^53 bytes are 7000 years at 320 kbit/s, and sums with it do not overflow.
    private static let positionMax: StreamPosition = 1 << 53

    init(_ head: ResponseHead) {
        let place = Self.place(head.headers)
        switch head.status.code {
        case 200:
            self = place.map { .sound($0) } ?? .refused("the source is no Forever station: it names no positions")
        case 409: self = .conflict(place)
        case 301, 302, 303, 307, 308:
            self = head.headers["Location"].map { .elsewhere($0) } ?? .refused("a redirect without an address")
        case 401: self = .unauthorized
        default: self = .refused("the source answers \(head.status)")
        }
    }

    /// Relays between the root and whoever asks at most, as far as anybody counts.
    private static let pathMax = 8

    /// The relays between the root and the source, the source last.
    static func path(_ headers: HeaderFields) -> [String] {
        guard let field = headers["Forever-Path"] else { return [] }
        return field.split(separator: ",").suffix(pathMax).map { String($0.drop { $0 == " " }) }
    }

    private static func place(_ headers: HeaderFields) -> Place? {
        func number(_ name: String) -> Int64? { headers[name].flatMap { Int64($0) } }
        guard let epoch = headers["Forever-Epoch"].flatMap({ Epoch($0) }),
            let format = number("Forever-Byte-Rate").flatMap({ StreamFormat(byteRate: $0) }),
            let position = number("Forever-Position"), let live = number("Forever-Live"),
            (0...positionMax).contains(position),
            (0...positionMax).contains(live)
        else { return nil }
        return Place(epoch: epoch, format: format, position: position, live: live)
    }
}
