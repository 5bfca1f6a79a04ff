import ForeverMix
import Foundation

/// A file of interleaved stereo Float32 stretched along a map of lines "SOURCE_FRAME OUTPUT_FRAME ...".
///
/// The last line is the end: its output frame is the length of what is written.
struct StretchFile {
    private let source: BufferedSound
    private let map: [MapKnot]

    init(source path: String, map mapPath: String) throws {
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        let samples = data.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
        var buffer = StereoBuffer(frameCount: samples.count / 2)
        for i in 0..<buffer.frameCount {
            buffer.left[i] = samples[2 * i]
            buffer.right[i] = samples[2 * i + 1]
        }
        source = BufferedSound(buffer)
        map = try String(contentsOfFile: mapPath, encoding: .utf8).split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ").compactMap { Double($0) }
            guard fields.count >= 2 else { return nil }
            return MapKnot(sourceFrame: fields[0].rounded(), outputFrame: Int64(fields[1].rounded()))
        }
    }

    /// Prints the CPU seconds that the stretching took.
    func write(to path: String) throws {
        guard let end = map.last else { return }
        var result = StereoBuffer(frameCount: Int(end.outputFrame))
        let start = Clock.cpuSeconds
        StretchedSound(source, map: map).read(from: 0, into: &result)
        let seconds = Clock.cpuSeconds - start
        var samples = [Float](repeating: 0, count: 2 * result.frameCount)
        for i in 0..<result.frameCount {
            samples[2 * i] = result.left[i]
            samples[2 * i + 1] = result.right[i]
        }
        try samples.withUnsafeBytes { try Data($0).write(to: URL(fileURLWithPath: path)) }
        print("cpu \(seconds)")
    }
}
