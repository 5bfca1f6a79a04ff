/// Planar stereo samples. **Shape:** two channels of `frameCount` frames. **Units:** full scale is ±1.
///
/// Both channels always have the same length. Hot loops take the arrays' buffers once, outside the loop.
public struct StereoBuffer: Sendable, Equatable {
    public var left: [Float]
    public var right: [Float]

    /// Silence of `frameCount` frames.
    public init(frameCount: Int) {
        left = [Float](repeating: 0, count: frameCount)
        right = [Float](repeating: 0, count: frameCount)
    }

    /// Takes over two channels of one length.
    public init(left: [Float], right: [Float]) {
        precondition(left.count == right.count, "channels of one length")
        self.left = left
        self.right = right
    }

    public var frameCount: Int { left.count }
}
