import ForeverMix

/// The last frames a decoder gave, by absolute position: readers that step back a little pay nothing.
///
/// **Cost:** 8 bytes a frame, allocated once.
final class SampleWindow {
    let capacity: Int
    /// Frame after the newest.
    private(set) var end: Int64 = 0
    /// Oldest frame held.
    private(set) var start: Int64 = 0
    private let left: UnsafeMutablePointer<Float>
    private let right: UnsafeMutablePointer<Float>

    init(capacity: Int) {
        self.capacity = capacity
        left = .allocate(capacity: capacity)
        right = .allocate(capacity: capacity)
    }

    deinit {
        left.deallocate()
        right.deallocate()
    }

    /// Holds nothing; the next frame appended is `position`.
    func restart(at position: Int64) {
        start = position
        end = position
    }

    /// Adds `count` frames, at most `capacity`.
    func append(_ newLeft: UnsafePointer<Float>, _ newRight: UnsafePointer<Float>, count: Int) {
        assert(count <= capacity)
        var done = 0
        while done < count {
            let place = Int(end % Int64(capacity))
            let part = min(count - done, capacity - place)
            (left + place).update(from: newLeft + done, count: part)
            (right + place).update(from: newRight + done, count: part)
            done += part
            end += Int64(part)
        }
        start = max(start, end - Int64(capacity))
    }

    /// Copies `count` frames from `position` on, all of them held.
    func copy(from position: Int64, count: Int, into buffer: inout StereoBuffer, at offset: Int) {
        assert(position >= start && position + Int64(count) <= end)
        copy(left, from: position, count: count, into: &buffer.left, at: offset)
        copy(right, from: position, count: count, into: &buffer.right, at: offset)
    }

    private func copy(
        _ channel: UnsafePointer<Float>, from position: Int64, count: Int, into target: inout [Float], at offset: Int
    ) {
        target.withUnsafeMutableBufferPointer { samples in
            precondition(offset >= 0 && offset + count <= samples.count, "a range inside the buffer")
            var done = 0
            while done < count {
                let place = Int((position + Int64(done)) % Int64(capacity))
                let part = min(count - done, capacity - place)
                (samples.baseAddress! + offset + done).update(from: channel + place, count: part)
                done += part
            }
        }
    }
}
