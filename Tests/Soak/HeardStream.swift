/// The sound of one connection, held against the reference byte by byte. Pure.
///
/// A byte that is not the one of its position is either the first of a skip, which begins and ends between frames and
/// is written down with its place, or a finding.
struct HeardStream {
    struct Skip: Hashable {
        /// Bytes of sound before it.
        var sent: Int64
        var from: Int64
        var to: Int64
    }

    /// Where its first byte belongs.
    let start: Int64
    /// Where the next byte to be compared belongs.
    private(set) var position: Int64
    /// Bytes of sound compared so far.
    private(set) var compared: Int64 = 0
    private(set) var skips: [Skip] = []
    /// Heard and not compared yet: the reference has not come so far, or what follows a skip is still too little.
    private var pending: [UInt8] = []

    /// So much behind a skip must be found again before its end is believed.
    private static let proofFrames: Int64 = 3
    /// A listener's lead over the reference. 60 s at 128 kbit/s.
    private static let pendingBytesMax = 1 << 20

    init(start: Int64) {
        self.start = start
        position = start
    }

    var pendingBytes: Int { pending.count }

    /// Takes the next bytes of sound. Gives what is wrong with them, or nil.
    mutating func take(_ run: UnsafeRawBufferPointer, _ reference: Reference) -> String? {
        guard pending.isEmpty else {
            pending.append(contentsOf: run)
            return settle(reference)
        }
        let equal = reference.equalCount(run, at: position)
        position += Int64(equal)
        compared += Int64(equal)
        guard equal < run.count else { return nil }
        pending.append(contentsOf: run[equal...])
        return settle(reference)
    }

    /// Compares what waits, as far as the reference has come meanwhile.
    mutating func settle(_ reference: Reference) -> String? {
        while !pending.isEmpty, position < reference.end {
            let equal = pending.withUnsafeBytes { reference.equalCount($0, at: position) }
            pending.removeFirst(equal)
            position += Int64(equal)
            compared += Int64(equal)
            guard !pending.isEmpty, position < reference.end else { break }
            switch skip(reference) {
            case .tooEarly: return nil
            case .found: continue
            case .wrong(let what): return what
            }
        }
        return pending.count > Self.pendingBytesMax ? "\(pending.count) bytes lie beyond what the root has sent" : nil
    }

    private enum Outcome { case tooEarly, found, wrong(String) }

    /// The byte at `position` is another: the frame it lies in must be another frame's, whole.
    private mutating func skip(_ reference: Reference) -> Outcome {
        let from = reference.frameFloor(position)
        let agreed = position - from
        guard from >= start, compared >= agreed else {
            return .wrong("wrong byte at \(position), \(position - start) after the connection's start")
        }
        let wanted = Int(Self.proofFrames * reference.frameBytes - agreed)
        guard pending.count >= wanted else { return .tooEarly }
        let run = Array(reference.piece(from..<position)) + pending[..<wanted]
        guard let to = reference.place(of: run, after: from) else {
            // It may be a skip to where the reference has not come yet.
            if pending.count < Self.pendingBytesMax, reference.end - position < 60_000 { return .tooEarly }
            return .wrong("wrong byte at \(position), and what follows is nowhere later in the stream")
        }
        skips.append(Skip(sent: compared - agreed, from: from, to: to))
        position = to + agreed
        return .found
    }
}
