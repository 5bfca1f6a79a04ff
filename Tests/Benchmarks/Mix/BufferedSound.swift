import ForeverMix
import Foundation

/// Samples in memory as a source.
final class BufferedSound: SampleSource {
    private let samples: StereoBuffer
    var frameCount: Int64 { Int64(samples.frameCount) }

    init(_ samples: StereoBuffer) { self.samples = samples }

    func read(from start: Int64, count: Int, into buffer: inout StereoBuffer, at offset: Int) throws {
        for i in 0..<count {
            let frame = Int(start) + i
            let isInside = frame >= 0 && frame < samples.frameCount
            buffer.left[offset + i] = isInside ? samples.left[frame] : 0
            buffer.right[offset + i] = isInside ? samples.right[frame] : 0
        }
    }
}

/// What this process has used. **Units:** s of CPU.
enum Clock {
    static var cpuSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
