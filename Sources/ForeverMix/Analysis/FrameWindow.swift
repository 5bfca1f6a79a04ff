/// Cuts a stream of samples into overlapping frames of one size.
///
/// The stream is taken to begin with half a frame of silence, so that frame `k` is centred on sample `k * hop`.
/// **Thread:** one. **Cost:** no allocation after `init`.
package final class FrameWindow {
    package let size: Int
    package let hop: Int
    private let capacity: Int
    private let samples: UnsafeMutablePointer<Float>
    private var filled: Int

    /// `pushMax` is the most samples one `push` may bring.
    package init(size: Int, hop: Int, pushMax: Int) {
        precondition(size > 0 && hop > 0 && hop <= size && pushMax > 0)
        self.size = size
        self.hop = hop
        capacity = size + pushMax
        samples = .allocate(capacity: capacity)
        samples.initialize(repeating: 0, count: capacity)
        filled = size / 2
    }

    deinit { samples.deallocate() }

    /// Appends samples and gives every frame that is now complete to `body`, in order.
    package func push(_ more: UnsafePointer<Float>, count: Int, body: (UnsafePointer<Float>) -> Void) {
        precondition(filled + count <= capacity, "at most pushMax samples at a time")
        (samples + filled).update(from: more, count: count)
        filled += count
        var start = 0
        while filled - start >= size {
            body(samples + start)
            start += hop
        }
        if start > 0 {
            filled -= start
            samples.update(from: samples + start, count: filled)
        }
    }
}
