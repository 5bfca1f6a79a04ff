/// The `ffmpeg` program, to make test audio and to hear files through other ears than ours.
public enum FFmpegCommand {
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    /// How long one run may take.
    static let secondsMax = 120.0

    /// Runs `ffmpeg` with `arguments`. **Errors:** its messages, when it fails.
    @discardableResult
    public static func run(_ arguments: [String]) throws -> [UInt8] {
        let options = ["-hide_banner", "-nostdin", "-loglevel", "error", "-y"]
        let program = try FinishedProgram(
            try Programs.neededTool("ffmpeg"), options + arguments, seconds: FFmpegCommand.secondsMax)
        guard program.status == 0 else {
            throw Failure(description: "ffmpeg \(arguments.joined(separator: " ")): \(program.errorText)")
        }
        return program.output
    }

    /// Decodes to stereo Float32 at 48 kHz; `before` are options of the input.
    public static func decode(_ path: String, before: [String] = []) throws -> (left: [Float], right: [Float]) {
        let data = try run(before + ["-i", path, "-map", "0:a:0", "-f", "f32le", "-ar", "48000", "-ac", "2", "-"])
        let count = data.count / 8
        var (left, right) = ([Float](repeating: 0, count: count), [Float](repeating: 0, count: count))
        data.withUnsafeBytes { raw in
            let samples = raw.bindMemory(to: Float.self)
            for index in 0..<count {
                left[index] = samples[2 * index]
                right[index] = samples[2 * index + 1]
            }
        }
        return (left, right)
    }
}
