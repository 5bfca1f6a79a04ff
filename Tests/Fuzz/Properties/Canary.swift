import ForeverHTTP
import Glibc

/// Bugs planted in the harness on demand, to prove that it would find a real one. Chosen by `FUZZ_CANARY`; the
/// parsers know nothing of them.
package enum Canary: String, CaseIterable, Sendable {
    /// A wrong answer for one body in 65 536, behind a valid chunk size: found by following the code, not by chance.
    case answer
    /// Reads a byte beyond the input.
    case overread
    /// Loses memory.
    case leak
    /// Never comes back.
    case hang

    package static let planted: Canary? = getenv("FUZZ_CANARY").flatMap { Canary(rawValue: String(cString: $0)) }

    /// By itself, so that each step of the way is a branch of its own for the search to notice.
    @inline(never) private static func stands(_ byte: UInt8, at index: Int, in body: [UInt8]) -> Bool {
        index < body.count && body[index] == byte
    }

    private nonisolated(unsafe) static var lost: UnsafeMutableRawPointer?

    func sing(_ target: FuzzTarget, _ input: FuzzInput) throws(BrokenPromise) {
        switch self {
        case .answer:
            let body = ChunkedPromises.outcome(of: input.payload, .whole).body
            guard Self.stands(0xF0, at: 0, in: body) else { return }
            guard Self.stands(0x0D, at: 1, in: body) else { return }
            throw BrokenPromise(description: "the canary was found")
        case .overread:
            guard input.payload.count > 4, let start = input.payload.baseAddress else { return }
            let beyond = start.load(fromByteOffset: input.payload.count, as: UInt8.self)
            try promise(beyond != input.payload[0] || input.payload[0] != 0xA5, "a byte beyond")
        case .leak:
            guard input.payload.count > 4 else { return }
            Self.lost = malloc(1_000)  // what it held before is lost
        case .hang:
            var turns: UInt64 = 0
            while input.payload.count > 4, getenv("FUZZ_CANARY") != nil { turns &+= 1 }
        }
    }
}
