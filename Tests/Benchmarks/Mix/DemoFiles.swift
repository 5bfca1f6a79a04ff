import ForeverCodec
import ForeverMix
import Foundation

/// Tracks of the demo crate as files, with their true beats beside them.
enum DemoFiles {
    /// Writes `count` tracks of the crate of `seed` to `folder`.
    static func write(to folder: String, count: Int, seed: UInt64) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (at, track) in DemoCrate(seed: seed).tracks.prefix(count).enumerated() {
            let name = "\(folder)/demo\(seed)-\(at + 1)"
            let source = track.makeSource()
            let writer = try AudioFileWriter(path: name + ".wav")
            var block = StereoBuffer(frameCount: AudioFormat.sampleRate)
            for start in stride(from: Int64(0), to: source.frameCount, by: AudioFormat.sampleRate) {
                let count = Int(min(Int64(AudioFormat.sampleRate), source.frameCount - start))
                if count != block.frameCount { block = StereoBuffer(frameCount: count) }
                try source.read(from: start, count: count, into: &block, at: 0)
                try writer.write(block)
            }
            try writer.finish()
            let truth = ["beats": track.beats, "downbeats": track.downbeats]
            try JSONEncoder().encode(truth).write(to: URL(fileURLWithPath: name + ".json"))
        }
    }
}
