import ForeverMix
import Foundation

/// Stretching and mixing against real time, one core, stereo. **Units:** of the results, times real time.
enum Speed {
    static let seconds = 60.0
    /// Rounds of which the fastest counts.
    static let rounds = 3

    static func measure() throws {
        let demo = DemoCrate(seed: 7)
        let sound = try read(demo, seconds: seconds)
        for speed in [0.92, 1.04] {
            let knots = stride(from: 0.25, to: seconds, by: 0.25).map { time in
                MapKnot(sourceFrame: (time * 48_000).rounded(), outputFrame: Int64((time / speed * 48_000).rounded()))
            }
            let best = (0..<rounds).map { _ in
                var block = StereoBuffer(frameCount: 4_096)
                let stretched = StretchedSound(sound, map: knots)
                let start = Clock.cpuSeconds
                for at in stride(from: Int64(0), to: knots[knots.count - 1].outputFrame, by: 4_096) {
                    stretched.read(from: at, into: &block)
                }
                return Clock.cpuSeconds - start
            }.min()!
            print("stretch at \(speed): \(Int(seconds / best))x")
        }
    }

    private static func read(_ crate: DemoCrate, seconds: Double) throws -> BufferedSound {
        let track = crate.tracks[0]
        let source = track.makeSource()
        var buffer = StereoBuffer(frameCount: Int(seconds) * AudioFormat.sampleRate)
        try source.read(from: 0, count: buffer.frameCount, into: &buffer, at: 0)
        return BufferedSound(buffer)
    }
}
