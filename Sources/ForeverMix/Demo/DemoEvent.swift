/// A one-shot sound at its place.
struct DemoEvent: Sendable {
    /// First frame in the track.
    var start: Int32
    /// Frames that sound; the last `fade` of them die away.
    var length: Int32
    var fade: Int32
    var slice: Int32
    var left: Float
    var right: Float
    /// Frames that the right channel comes later: width without phase tricks on the left.
    var rightDelay: Int32 = 0
    /// Whether the kick pushes it down.
    var isDucked: Bool
}

/// A stretch of a loop, fading in and out, between two brightnesses.
struct DemoBed: Sendable {
    var start: Int32
    var end: Int32
    var attack: Int32
    var release: Int32
    /// Slices of the dark and the bright loop.
    var dark: Int32
    var bright: Int32
    /// Level at both ends.
    var levelFrom: Float
    var levelTo: Float
    /// 0 dark ... 1 bright, at both ends.
    var shadeFrom: Float
    var shadeTo: Float
    /// 0 mono ... 1 wide.
    var width: Float
    var isDucked: Bool
}
