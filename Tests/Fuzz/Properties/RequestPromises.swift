import ForeverHTTP

/// What the reading of requests promises: scanner, head, framing and body, as a server's connection runs them.
enum RequestPromises {
    enum Event: Hashable {
        case served(RequestHead, [UInt8])
        case refused(Int, String)
        case finished, closed
    }

    static func check(_ input: FuzzInput) throws(BrokenPromise) {
        let limits = limits(input)
        let whole = try conversation(input, limits, .whole)
        for cutting in Cutting.others(input) {
            let other = try conversation(input, limits, cutting)
            try promise(other == whole, "\(cutting): \(other), whole: \(whole)")
        }
        for event in whole {
            guard case .served(let head, let body) = event else { continue }
            try checkHead(head, body, limits)
            try checkSaidAgain(head, body)
        }
        try checkRest(input, limits, whole)
    }

    /// Small limits, so that short inputs reach them, or the real ones.
    private static func limits(_ input: FuzzInput) -> HTTPLimits {
        var limits = HTTPLimits()
        if input.option(0) {
            limits.headBytesMax = 120
            limits.headerCountMax = 4
            limits.targetBytesMax = 20
            limits.bodyBytesMax = 24
            limits.requestsPerConnectionMax = 3
        }
        return limits
    }

    private static func conversation(_ input: FuzzInput, _ limits: HTTPLimits, _ cutting: Cutting)
        throws(BrokenPromise) -> [Event]
    {
        var machine = ServerConnectionMachine(limits: limits, now: 0)
        var events: [Event] = []
        try cutting.feed(input.payload) { piece throws(BrokenPromise) in
            machine.bytesArrived(piece, now: 0)
            drain(&machine, &events)
            return true
        }
        if input.option(1) {
            machine.peerFinished()
            drain(&machine, &events)
        }
        return events
    }

    /// Answers everything at once. Whether a client waits for 100 Continue depends on its timing, so that is no event.
    private static func drain(_ machine: inout ServerConnectionMachine, _ events: inout [Event]) {
        while true {
            switch machine.next(waitingOutputBytes: 0, now: 0) {
            case .wait: return
            case .sendContinue: break
            case .serve(let head, let body):
                events.append(.served(head, body))
                machine.answered(closing: false, now: 0)
            case .refuse(let status, let reason): events.append(.refused(status.code, reason))
            case .finish: events.append(.finished)
            case .close: events.append(.closed)
            }
        }
    }

    /// A head that was let through has nothing in it that another reader could take for something else.
    private static func checkHead(_ head: RequestHead, _ body: [UInt8], _ limits: HTTPLimits) throws(BrokenPromise) {
        for field in head.headers {
            try promise(!field.name.isEmpty && field.name.utf8.allSatisfy(isToken), "name \(field.name)")
            let value = Array(field.value.utf8)
            try promise(!value.contains { $0 < 32 && $0 != 9 || $0 == 127 }, "value of \(field.name)")
            try promise(![32, 9].contains(value.first ?? 65) && ![32, 9].contains(value.last ?? 65), "space around")
        }
        let target = head.target
        try promise(target.path.hasPrefix("/") || target.path == "*" && head.method == .OPTIONS, target.path)
        try promise(!target.segments.contains { $0 == "." || $0 == ".." }, "dots in \(target.path)")
        try promise(!target.path.utf8.contains { $0 < 32 || $0 == 127 }, "control byte in a path")
        try promise(target.raw.utf8.count <= limits.targetBytesMax, "a long target")
        try promise(head.headers.count <= limits.headerCountMax, "many fields")
        try promise(body.count <= limits.bodyBytesMax, "a long body")
        let hosts = head.headers.all("host").count
        try promise(hosts == 1 || hosts == 0 && head.version == .http10, "\(hosts) hosts")
        let lengths = head.headers.all("content-length")
        let codings = head.headers.all("transfer-encoding")
        try promise(lengths.count + codings.count <= 1, "two framings")
        if let length = lengths.first { try promise(Int(length) == body.count, "\(length) is not \(body.count)") }
        if lengths.isEmpty && codings.isEmpty { try promise(body.isEmpty, "a body from nowhere") }
    }

    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }

    /// What was understood, written down plainly, is understood the same.
    private static func checkSaidAgain(_ head: RequestHead, _ body: [UInt8]) throws(BrokenPromise) {
        var fields = head.headers
        for name in ["Transfer-Encoding", "Content-Length", "Expect"] { fields[name] = nil }
        let kept = fields
        if !body.isEmpty { fields.add("Content-Length", String(body.count)) }
        var bytes = Array("\(head.method.rawValue) \(head.target.raw) \(head.version.rawValue)\r\n".utf8)
        fields.write(into: &bytes)
        bytes += "\r\n".utf8
        bytes += body
        var limits = HTTPLimits()
        limits.headBytesMax *= 4  // a byte that is not UTF-8 became three
        var machine = ServerConnectionMachine(limits: limits, now: 0)
        var events: [Event] = []
        bytes.withUnsafeBytes { machine.bytesArrived($0, now: 0) }
        drain(&machine, &events)
        guard case .served(var again, let sameBody)? = events.first else {
            throw BrokenPromise(description: "\(String(decoding: bytes, as: UTF8.self)): \(events)")
        }
        for name in ["Transfer-Encoding", "Content-Length", "Expect"] { again.headers[name] = nil }
        let same = again.headers == kept && again.target == head.target && again.method == head.method
        try promise(same && again.version == head.version && sameBody == body, "said again: \(again)")
    }

    /// The bytes behind the first request, given away with its connection, are the input's own and mean what they
    /// meant behind it.
    private static func checkRest(_ input: FuzzInput, _ limits: HTTPLimits, _ whole: [Event]) throws(BrokenPromise) {
        guard case .served? = whole.first else { return }
        var machine = ServerConnectionMachine(limits: limits, now: 0)
        machine.bytesArrived(input.payload, now: 0)
        var step = machine.next(waitingOutputBytes: 0, now: 0)
        if case .sendContinue = step { step = machine.next(waitingOutputBytes: 0, now: 0) }
        guard case .serve = step else { throw BrokenPromise(description: "not served whole") }
        let staysOpen = machine.keepsAlive
        let rest = machine.takeUnreadBytes()
        try promise(input.payload.suffix(rest.count).elementsEqual(rest), "the rest is not the input's end")
        guard staysOpen, !input.option(0) else { return }
        var events: [Event] = []
        var second = ServerConnectionMachine(limits: limits, now: 0)
        rest.withUnsafeBytes { second.bytesArrived($0, now: 0) }
        drain(&second, &events)
        if input.option(1) {
            second.peerFinished()
            drain(&second, &events)
        }
        try promise(events == Array(whole.dropFirst()), "alone: \(events), behind: \(whole.dropFirst())")
    }
}
