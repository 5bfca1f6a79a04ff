/// A way to cut bytes into the pieces in which a parser gets them.
enum Cutting: CustomStringConvertible {
    /// All at once, where they stand: a read beyond them is a read beyond the input.
    case whole
    case single
    case seeded(UInt64)
    /// In two pieces.
    case at(Int)

    /// The ways that are compared with `whole`.
    static func others(_ input: FuzzInput) -> [Cutting] {
        [.single, .seeded(UInt64(input.cuts)), .at(Int(input.cuts) % (input.payload.count + 1))]
    }

    /// Hands out the pieces in order until `take` returns false. All but `whole` are copies in memory that ends where
    /// they end, so the address sanitizer sees a read beyond a piece.
    func feed(
        _ bytes: UnsafeRawBufferPointer, _ take: (UnsafeRawBufferPointer) throws(BrokenPromise) -> Bool
    ) throws(BrokenPromise) {
        if case .whole = self {
            _ = try take(bytes)
            return
        }
        var random = SeededBytes(seed: seed)
        var start = 0
        while start < bytes.count {
            let count = min(bytes.count - start, size(from: start, of: bytes.count, &random))
            let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 1)
            defer { piece.deallocate() }
            piece.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[start..<(start + count)]))
            start += count
            guard try take(UnsafeRawBufferPointer(piece)) else { return }
        }
    }

    private var seed: UInt64 { if case .seeded(let seed) = self { seed } else { 0 } }

    private func size(from start: Int, of count: Int, _ random: inout SeededBytes) -> Int {
        switch self {
        case .whole: count
        case .single: 1
        case .at(let cut): start < cut ? cut - start : count - start
        // Short pieces mostly, a long one now and then.
        case .seeded: 1 + Int(random.next() % (random.next() % 8 == 0 ? 300 : 12))
        }
    }

    var description: String {
        switch self {
        case .whole: "whole"
        case .single: "byte by byte"
        case .at(let cut): "cut at \(cut)"
        case .seeded(let seed): "cut by seed \(seed)"
        }
    }
}
