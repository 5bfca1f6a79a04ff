/// A knot of a piecewise-linear map between a track's source frames and the mix's output frames, both at 48 kHz.
public struct MapKnot: Codable, Hashable, Sendable {
    /// **Units:** source frames. The planner makes whole numbers only, so that stretches of slope 1 are verbatim copies.
    public var sourceFrame: Double
    /// **Units:** output frames.
    public var outputFrame: Int64

    public init(sourceFrame: Double, outputFrame: Int64) {
        self.sourceFrame = sourceFrame
        self.outputFrame = outputFrame
    }
}
