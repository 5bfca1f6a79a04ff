import CScriptedCalls
import ForeverTestKit
import Glibc

/// Sockets that exist only in a simulation: buffers of a size, peers that read, errors that come from outside.
///
/// Descriptors are never used twice, so one that is closed twice, or used once closed, is seen.
final class SimulatedKernel {
    /// What a test plants to see that it is found. None of it is in the code under test.
    enum Defect: CaseIterable {
        case losesByte, repeatsByte, changesByte, forgetsClose, swapsTitleByte
    }

    struct Socket {
        var capacityBytes = 16_384
        /// taken and not yet read by the peer
        var bufferedBytes = 0
        /// whether it takes less than it could at times, is out of memory, or full without reason
        var isMoody = false
        /// the peer is gone: the next send fails with it
        var error: Int32 = 0
        var errorWasTold = false
        /// what was taken since somebody looked
        var fresh: [UInt8] = []
        var sendsInStep = 0
        var closes = 0
        var bufferWasSet = false
    }

    static let firstDescriptor: Int32 = 1 << 20

    private(set) var sockets: [Socket] = []
    /// What the code under test must not do, in words.
    private(set) var complaints: [String] = []
    private(set) var takenBytes: Int64 = 0
    private var generator: SeededGenerator
    private let defect: Defect?
    private var sendsUntilDefect: Int

    init(seed: UInt64, defect: Defect? = nil) {
        generator = SeededGenerator(seed)
        self.defect = defect
        sendsUntilDefect = 400
    }

    /// The calls of a thread whose descriptors are these.
    func script() -> ScriptedCalls { ScriptedCalls { [unowned self] in decide($0) } }

    func open(isMoody: Bool) -> Int32 {
        sockets.append(Socket())
        sockets[sockets.count - 1].isMoody = isMoody
        return Self.firstDescriptor + Int32(sockets.count - 1)
    }

    subscript(fd: Int32) -> Socket {
        get { sockets[Int(fd - Self.firstDescriptor)] }
        set { sockets[Int(fd - Self.firstDescriptor)] = newValue }
    }

    var openCount: Int { sockets.reduce(0) { $0 + ($1.closes == 0 ? 1 : 0) } }

    /// The peer reads at most so much.
    func read(_ fd: Int32, most: Int) {
        let index = Int(fd - Self.firstDescriptor)
        sockets[index].bufferedBytes -= min(most, sockets[index].bufferedBytes)
    }

    func takeFresh(_ fd: Int32) -> [UInt8] {
        var bytes: [UInt8] = []
        swap(&bytes, &sockets[Int(fd - Self.firstDescriptor)].fresh)
        return bytes
    }

    func beginStep() {
        for index in sockets.indices where sockets[index].sendsInStep > 0 { sockets[index].sendsInStep = 0 }
    }

    // MARK: Calls

    private func decide(_ call: borrowing scripted_call) -> scripted_answer {
        let index = Int(call.fd - Self.firstDescriptor)
        guard call.fd >= Self.firstDescriptor else { return .pass }
        guard index < sockets.count, sockets[index].closes == 0 else {
            complaints.append("call \(call.kind) on the closed descriptor \(call.fd)")
            return .fail(EBADF)
        }
        switch Int(call.kind) {
        case scripted_call_send, scripted_call_sendmsg: return send(index, call)
        case scripted_call_close:
            if defect != .forgetsClose || sendsUntilDefect > 0 { sockets[index].closes += 1 } else { spend() }
            return .result(0)
        case scripted_call_setsockopt:
            if call.operation == SO_SNDBUF {
                sockets[index].capacityBytes = Int(call.value)
                sockets[index].bufferWasSet = true
            }
            return .result(0)
        // Asked what has gone over the wire: it is no network here.
        case scripted_call_getsockopt: return .fail(ENOPROTOOPT)
        default:
            complaints.append("an unexpected call \(call.kind) on \(call.fd)")
            return .fail(EINVAL)
        }
    }

    private func chance(_ one: Int, in many: Int) -> Bool { Int.random(in: 0..<many, using: &generator) < one }

    private func send(_ index: Int, _ call: borrowing scripted_call) -> scripted_answer {
        if chance(1, in: 40) { return .fail(EINTR) }
        sockets[index].sendsInStep += 1
        if sockets[index].error != 0 {
            sockets[index].errorWasTold = true
            return .fail(sockets[index].error)
        }
        var room = sockets[index].capacityBytes - sockets[index].bufferedBytes
        if sockets[index].isMoody {
            if chance(1, in: 50) { return .fail(ENOBUFS) }
            if chance(1, in: 30) { return .fail(EAGAIN) }
            if chance(1, in: 4) { room = min(room, Int.random(in: 1...5_000, using: &generator)) }
        }
        if room <= 0 { return .fail(EAGAIN) }
        var taken = 0
        for place in 0..<call.run_count where taken < room {
            let run = call.runs[place]
            let count = min(run.iov_len, room - taken)
            sockets[index].fresh.append(contentsOf: UnsafeRawBufferPointer(start: run.iov_base, count: count))
            taken += count
        }
        sockets[index].bufferedBytes += taken
        takenBytes += Int64(taken)
        spoil(index, taken)
        return taken == 0 ? .fail(EAGAIN) : .result(taken)
    }

    // MARK: Defects

    private func spend() { sendsUntilDefect = .max }

    private func spoil(_ index: Int, _ taken: Int) {
        guard let defect, taken > 100 else { return }
        sendsUntilDefect -= 1
        guard sendsUntilDefect <= 0 else { return }
        let middle = sockets[index].fresh.count - taken / 2
        switch defect {
        case .losesByte: sockets[index].fresh.remove(at: middle)
        case .repeatsByte: sockets[index].fresh.insert(sockets[index].fresh[middle], at: middle)
        case .changesByte: sockets[index].fresh[middle] ^= 1
        case .forgetsClose: return
        case .swapsTitleByte:
            let mark = Array("StreamTitle='".utf8)
            let bytes = sockets[index].fresh
            guard bytes.count > 40,
                let place = (0..<(bytes.count - 40)).first(where: { bytes[$0..<($0 + mark.count)].elementsEqual(mark) })
            else { return }
            sockets[index].fresh[place + mark.count + 3] ^= 1
        }
        spend()
    }
}
