import ForeverHTTP

/// Feeds a server connection's machine, answers everything at once, and keeps what it did, as words.
struct ConversationDriver {
    var machine: ServerConnectionMachine
    private(set) var log: [String] = []
    var now: Int64 = 0

    init(_ limits: HTTPLimits = HTTPLimits()) { machine = ServerConnectionMachine(limits: limits, now: 0) }

    mutating func feed(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { machine.bytesArrived($0, now: now) }
        drain()
    }

    mutating func feed(_ text: String) { feed(Array(text.utf8)) }

    mutating func drain() {
        while true {
            let step = machine.next(waitingOutputBytes: 0, now: now)
            if case .wait = step { return }
            note(step)
            if case .serve = step { machine.answered(closing: false, now: now) }
        }
    }

    mutating func note(_ step: ServerConnectionMachine.Step) {
        switch step {
        case .wait: log.append("wait")
        case .sendContinue: log.append("continue")
        case .serve(let head, let body):
            let text = String(decoding: body, as: UTF8.self)
            log.append("\(head.method.rawValue) \(head.target.raw)" + (text.isEmpty ? "" : " \(text)"))
        case .refuse(let status, let reason): log.append("refuse \(status.code) \(reason)")
        case .finish: log.append("finish")
        case .close: log.append("close")
        }
    }

    mutating func pass(seconds: Double) {
        now += Int64(seconds * 1e9)
        let step = machine.deadlinePassed(now: now)
        note(step)
        drain()
    }
}
