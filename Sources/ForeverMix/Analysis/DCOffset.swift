/// What each channel's samples are on average: 0 in all but badly recorded sound.
public struct DCOffset: Codable, Hashable, Sendable {
    public var left: Float
    public var right: Float

    /// Less is not worth touching a sample for: -60 dB.
    static let magnitudeMin: Float = 0.001

    public init(left: Float = 0, right: Float = 0) {
        self.left = left
        self.right = right
    }

    /// Of both channels' means; 0 where neither is worth it.
    init(meanLeft: Double, meanRight: Double) {
        let means = (Float(meanLeft), Float(meanRight))
        let isHeard = max(abs(means.0), abs(means.1)) >= DCOffset.magnitudeMin
        self.init(left: isHeard ? means.0 : 0, right: isHeard ? means.1 : 0)
    }

    var isZero: Bool { left == 0 && right == 0 }
}
