import ForeverFuzz

/// Small changes to an input, the same for the same seed: what a search does without knowing where it leads.
struct Mutation {
    private var random: SeededBytes
    private let pool: [[UInt8]]

    /// The pool gives the inputs and the pieces that are put into others; it must not be empty.
    init(seed: UInt64, pool: [[UInt8]]) {
        random = SeededBytes(seed: seed)
        self.pool = pool
    }

    /// The next changed input, at most 4 kB.
    mutating func next() -> [UInt8] {
        var bytes = pool.randomElement(using: &random)!
        for _ in 0...Int.random(in: 0..<4, using: &random) { change(&bytes) }
        return Array(bytes.prefix(4_096))
    }

    private mutating func change(_ bytes: inout [UInt8]) {
        guard !bytes.isEmpty else { return bytes.append(UInt8.random(in: 0...255, using: &random)) }
        let index = Int.random(in: 0..<bytes.count, using: &random)
        let end = min(bytes.count, index + Int.random(in: 1...16, using: &random))
        switch Int.random(in: 0..<8, using: &random) {
        case 0: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: bytes[index] = UInt8.random(in: 0...255, using: &random)
        case 2: bytes[index] = [0, 9, 10, 13, 32, 34, 39, 48, 58, 59, 92, 127, 255].randomElement(using: &random)!
        case 3: bytes.removeSubrange(index..<end)
        case 4: bytes.insert(contentsOf: bytes[index..<end], at: index)
        case 5: bytes.removeSubrange(end...)
        case 6: bytes.insert(UInt8.random(in: 0...255, using: &random), at: index)
        default:
            let other = pool.randomElement(using: &random)!
            let from = Int.random(in: 0...other.count, using: &random)
            bytes.replaceSubrange(index..<end, with: other[from...].prefix(64))
        }
    }
}
