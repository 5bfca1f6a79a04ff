import ForeverHTTP
import Glibc

/// One server of the soaked network: its program, its lives, and what is done to it.
///
/// **Thread:** the loop's.
final class Server {
    enum State: Equatable {
        case up, stopped
        /// told to end, and still letting listeners go
        case leaving
        case down
    }

    /// 0 is the root.
    let number: Int
    let port: UInt16
    /// for https; nil: it speaks none
    let securePort: UInt16?
    let data: String
    let log: String
    private let program: String
    private let arguments: [String]
    private let loop: EventLoop
    private var process: ServerProcess?
    private(set) var state = State.down
    /// Goes up with every start: a connection belongs to one life.
    private(set) var life = 0
    private(set) var startedNanoseconds: Int64 = 0
    /// When the last fault was over: the server was started again or went on. Before the first: long ago.
    private(set) var calmSinceNanoseconds = Int64.min / 2
    /// The same, of faults that stop it without ending it.
    private(set) var flowsSinceNanoseconds = Int64.min / 2

    init(
        number: Int, port: UInt16, securePort: UInt16? = nil, data: String, program: String, arguments: [String],
        loop: EventLoop
    ) {
        self.number = number
        self.port = port
        self.securePort = securePort
        self.data = data
        log = data + ".log"
        self.program = program
        self.arguments = arguments
        self.loop = loop
    }

    var name: String { number == 0 ? "root" : "relay \(number)" }
    var url: String { "http://127.0.0.1:\(port)" }
    /// Where it is reached by https, or without it.
    var secureURL: String { securePort.map { "https://127.0.0.1:\($0)" } ?? url }
    var pid: Int32? { process?.pid }

    /// **Errors:** when the program cannot be run.
    func start() throws(SoakError) {
        process = try ServerProcess(program, arguments, log: log)
        life += 1
        state = .up
        startedNanoseconds = loop.nowNanoseconds
        calmSinceNanoseconds = loop.nowNanoseconds
        flowsSinceNanoseconds = loop.nowNanoseconds
    }

    func kill() {
        process?.end()
        state = .down
    }

    func stop() {
        process?.send(SIGSTOP)
        state = .stopped
    }

    func goOn() {
        process?.send(SIGCONT)
        state = .up
        calmSinceNanoseconds = loop.nowNanoseconds
        flowsSinceNanoseconds = loop.nowNanoseconds
    }

    func leave() {
        process?.send(SIGTERM)
        state = .leaving
    }

    /// Looks whether it has ended. Gives what is wrong with that, or nil.
    func look() -> String? {
        guard let process, state != .down, !process.isRunning else { return nil }
        let wasLeaving = state == .leaving
        state = .down
        if wasLeaving, process.endedWell { return nil }
        return "\(name) has ended by itself: \(process.ending)\n\(logTail)"
    }

    /// Whether nothing is being done to it, and nothing has been for so long.
    func isCalm(_ seconds: Double) -> Bool {
        state == .up && Double(loop.nowNanoseconds - calmSinceNanoseconds) / 1e9 >= seconds
    }

    /// The last lines it has said.
    var logTail: String {
        ProcessFile.text(log).split(separator: "\n").suffix(8).joined(separator: "\n")
    }
}
