/// A source stretched along a map, for use outside a mix.
///
/// Any output frames in any order; the same frames are the same samples. **Thread:** one.
/// **Errors:** a source that cannot be read is silence from then on; `failure` says why.
public final class StretchedSound {
    private let window: SourceWindow
    private let track: StretchedTrack

    /// `map` has at least one knot; outside its knots the speed is 1.
    public init(_ source: any SampleSource, map: [MapKnot]) {
        window = SourceWindow(source)
        track = StretchedTrack(window, map: map)
    }

    public var failure: (any Error)? { window.failure }

    /// Fills `buffer` with the output frames from `start` on.
    public func read(from start: Int64, into buffer: inout StereoBuffer) {
        let count = buffer.frameCount
        guard count > 0 else { return }
        buffer.left.withUnsafeMutableBufferPointer { left in
            buffer.right.withUnsafeMutableBufferPointer { right in
                track.read(from: start, count: count, left: left.baseAddress!, right: right.baseAddress!)
            }
        }
    }
}
