import Glibc

/// What the root sent, by position. Pure.
struct Reference {
    let epoch: String
    let frameBytes: Int64
    let start: Int64
    private(set) var bytes: [UInt8] = []

    init(epoch: String, frameBytes: Int64, start: Int64) {
        self.epoch = epoch
        self.frameBytes = frameBytes
        self.start = start
    }

    var end: Int64 { start + Int64(bytes.count) }

    /// The frame's start at or before `position`.
    func frameFloor(_ position: Int64) -> Int64 { position - position % frameBytes }

    /// Adds what follows; what is known already must be the same. Gives the first position that contradicts, or that
    /// leaves a hole.
    mutating func take(_ run: UnsafeRawBufferPointer, at position: Int64) -> Int64? {
        guard position >= start, position <= end else { return position }
        let known = Int(min(Int64(run.count), end - position))
        let equal = equalCount(UnsafeRawBufferPointer(rebasing: run[..<known]), at: position)
        guard equal == known else { return position + Int64(equal) }
        bytes.append(contentsOf: run[known...])
        return nil
    }

    /// How many of the first bytes of `run` stand here from `position` on.
    func equalCount(_ run: UnsafeRawBufferPointer, at position: Int64) -> Int {
        guard position >= start, position < end, let base = run.baseAddress else { return 0 }
        let offset = Int(position - start)
        let count = min(run.count, bytes.count - offset)
        return bytes.withUnsafeBytes { mine in
            if memcmp(mine.baseAddress! + offset, base, count) == 0 { return count }
            return (0..<count).first { mine[offset + $0] != run[$0] } ?? count
        }
    }

    /// The first frame's start after `position` from which on all of `run` stands here; nil when there is none.
    func place(of run: [UInt8], after position: Int64) -> Int64? {
        run.withUnsafeBytes { run in
            var candidate = frameFloor(max(position, start)) + frameBytes
            while candidate + Int64(run.count) <= end {
                if equalCount(run, at: candidate) == run.count { return candidate }
                candidate += frameBytes
            }
            return nil
        }
    }

    /// The bytes between two positions that are here.
    func piece(_ range: Range<Int64>) -> ArraySlice<UInt8> {
        bytes[Int(range.lowerBound - start)..<Int(range.upperBound - start)]
    }
}
