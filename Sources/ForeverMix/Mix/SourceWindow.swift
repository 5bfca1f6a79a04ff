/// The part of a track that is being mixed: a bounded window over its source, read forwards in blocks.
///
/// Samples that are not finite become silence here, and what they are on average is taken from them, so that nothing
/// behind has to ask.
/// **Thread:** one. **Cost:** one read of the source a block; no allocation after `init`.
final class SourceWindow {
    /// Frames held.
    static let capacityFrames = 24_576
    /// Frames kept behind a read, for stretches that begin again a little earlier.
    static let behindFrames = 8192
    /// The least number of frames asked from the source at once.
    static let blockFrames = 4096

    private let source: any SampleSource
    private let offset: DCOffset
    private let left = FloatBlock(SourceWindow.capacityFrames)
    private let right = FloatBlock(SourceWindow.capacityFrames)
    private var block = StereoBuffer(frameCount: SourceWindow.capacityFrames)
    /// Source frame of the first one held.
    private var first: Int64 = 0
    private var held = 0
    /// The first thing that went wrong; from then on the source is silence.
    private(set) var failure: (any Error)?

    init(_ source: any SampleSource, offset: DCOffset = DCOffset()) {
        self.source = source
        self.offset = offset
    }

    /// Frames `start ..< start + count`, at most `capacityFrames` less `behindFrames`; valid until the next call.
    func frames(
        from start: Int64, count: Int
    ) -> (left: UnsafePointer<Float>, right: UnsafePointer<Float>) {
        if start < first || start > first + Int64(held) {
            first = start
            held = 0
        }
        let end = start + Int64(count)
        if end > first + Int64(held) { fill(upTo: end, keepingFrom: start - Int64(SourceWindow.behindFrames)) }
        let offset = Int(start - first)
        return (UnsafePointer(left.pointer + offset), UnsafePointer(right.pointer + offset))
    }

    private func fill(upTo end: Int64, keepingFrom keep: Int64) {
        let missing = Int(end - first) - held
        var count = max(missing, SourceWindow.blockFrames)
        if held + count > SourceWindow.capacityFrames {
            let dropped = min(held, max(0, Int(keep - first)))
            let kept = held - dropped
            left.pointer.update(from: left.pointer + dropped, count: kept)
            right.pointer.update(from: right.pointer + dropped, count: kept)
            first += Int64(dropped)
            held = kept
            count = min(count, SourceWindow.capacityFrames - held)
        }
        let from = first + Int64(held)
        if failure == nil {
            do {
                try source.read(from: from, count: count, into: &block, at: 0)
            } catch {
                failure = error
            }
        }
        if failure == nil {
            block.left.withUnsafeBufferPointer { copy($0, less: offset.left, from: from, to: left, count: count) }
            block.right.withUnsafeBufferPointer { copy($0, less: offset.right, from: from, to: right, count: count) }
        } else {
            (left.pointer + held).update(repeating: 0, count: count)
            (right.pointer + held).update(repeating: 0, count: count)
        }
        held += count
    }

    /// The offset is taken from what the source has, not from the silence before and after it.
    private func copy(
        _ samples: UnsafeBufferPointer<Float>, less offset: Float, from start: Int64, to block: FloatBlock, count: Int
    ) {
        let target = block.pointer + held
        for i in 0..<count {
            let sample = samples[i]
            target[i] = abs(sample) <= .greatestFiniteMagnitude ? sample : 0
        }
        guard offset != 0 else { return }
        let first = Int(min(max(-start, 0), Int64(count)))
        let last = Int(min(max(source.frameCount - start, 0), Int64(count)))
        for i in first..<max(first, last) { target[i] -= offset }
    }
}
