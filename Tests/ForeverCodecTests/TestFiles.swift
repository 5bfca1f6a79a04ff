import ForeverCodec
import ForeverMix
import ForeverTestKit
import Foundation

/// One kind of file that must play, and how ffmpeg makes it.
struct TestFile: Sendable, CustomStringConvertible {
    var name: String
    var arguments: [String] = []
    /// The file says how its sound is trimmed, so that its length is the original's.
    var isGapless = true
    /// Largest rms of the difference from what ffmpeg decodes, over the sound's own; by how the resamplers differ,
    /// and AAC's noise substitution.
    var tolerance: Float = 0.02

    var description: String { name }

    /// FFmpeg's own Opus decoder delays its speech modes by some frames; the reference decoder does not.
    var referenceDecoder: [String] { name.hasSuffix("opus") ? ["-c:a", "libopus"] : [] }

    static let all: [TestFile] = [
        TestFile(name: "float.wav", arguments: ["-c:a", "pcm_f32le"]),
        TestFile(name: "dvd.wav", arguments: ["-ar", "48000"], tolerance: 0),
        TestFile(name: "telephone.wav", arguments: ["-ar", "8000", "-ac", "1"]),
        TestFile(name: "byte.wav", arguments: ["-c:a", "pcm_u8", "-ar", "22050"]),
        TestFile(name: "studio.wav", arguments: ["-c:a", "pcm_s24le", "-ar", "192000"]),
        TestFile(name: "double.wav", arguments: ["-c:a", "pcm_f64le", "-ar", "11025"]),
        TestFile(name: "odd.wav", arguments: ["-ar", "44101"]),
        TestFile(name: "adpcm.wav", arguments: ["-c:a", "adpcm_ms"], isGapless: false),
        TestFile(name: "plain.mp3", arguments: ["-b:a", "192k"]),
        TestFile(name: "variable.mp3", arguments: ["-q:a", "4", "-ac", "1"]),
        TestFile(name: "untagged.mp3", arguments: ["-b:a", "128k", "-write_xing", "0"], isGapless: false),
        TestFile(name: "low.mp3", arguments: ["-b:a", "16k", "-ar", "16000", "-ac", "1"]),
        TestFile(name: "plain.flac"),
        TestFile(name: "surround.flac", arguments: ["-ac", "6", "-ar", "96000", "-sample_fmt", "s32"]),
        TestFile(name: "plain.m4a", arguments: ["-c:a", "aac", "-b:a", "128k"], tolerance: 0.05),
        TestFile(name: "lossless.m4a", arguments: ["-c:a", "alac"]),
        TestFile(
            name: "pieces.m4a", arguments: ["-c:a", "aac", "-movflags", "frag_keyframe+empty_moov+default_base_moof"],
            isGapless: false, tolerance: 0.05),
        TestFile(name: "plain.aac", isGapless: false, tolerance: 0.05),
        TestFile(name: "plain.ogg", arguments: ["-c:a", "libvorbis"]),
        TestFile(name: "lossless.oga", arguments: ["-c:a", "flac"]),
        TestFile(name: "plain.opus", arguments: ["-b:a", "96k"], tolerance: 0.01),
        TestFile(
            name: "voice.opus", arguments: ["-b:a", "16k", "-application", "voip", "-frame_duration", "60"],
            tolerance: 0.2),
        TestFile(name: "plain.aiff"),
    ]

    static func named(_ name: String) -> TestFile { all.first { $0.name == name }! }
}

/// The test files, made once per run from one music-like original at 44.1 kHz.
enum TestFiles {
    static let folder = try! TemporaryFolder()
    static let seconds = 12.345
    static let originalFrames: Int64 = 544_415

    /// A chord with a pulse, a rising tone and noise; different left and right.
    static let original: String = {
        let pulse = "exp(-6*mod(t\\,0.48))"
        let left = "0.3*sin(2*PI*220*t)*\(pulse)+0.2*sin(2*PI*(300+90*t)*t)+0.05*(random(0)-0.5)"
        let right = "0.3*sin(2*PI*277.2*t)*\(pulse)+0.2*sin(2*PI*(400+70*t)*t)+0.05*(random(1)-0.5)"
        let path = folder("original.wav")
        try! FFmpegCommand.run([
            "-f", "lavfi", "-i", "aevalsrc=\(left)|\(right):s=44100:d=\(seconds)", "-c:a", "pcm_f32le", path,
        ])
        return path
    }()

    private static let lock = NSLock()
    nonisolated(unsafe) private static var made: Set<String> = []

    /// The path of `file`, made when first asked for.
    static func path(_ file: TestFile) throws -> String {
        let source = original
        return try lock.withLock {
            let path = folder(file.name)
            if made.insert(file.name).inserted {
                try FFmpegCommand.run(["-i", source, "-bitexact"] + file.arguments + [path])
            }
            return path
        }
    }

    /// The first `seconds` of the original in the format of `file`.
    static func short(_ file: TestFile, seconds: Double, in folder: TemporaryFolder) throws -> [UInt8] {
        let path = folder("short-" + file.name)
        try FFmpegCommand.run(["-i", original, "-t", "\(seconds)", "-bitexact"] + file.arguments + [path])
        return folder.bytes(of: "short-" + file.name)
    }
}

extension AudioFile {
    /// Frames `start ..< start + count`.
    func frames(from start: Int64, count: Int) throws -> StereoBuffer {
        var buffer = StereoBuffer(frameCount: count)
        try read(from: start, count: count, into: &buffer, at: 0)
        return buffer
    }

    /// The whole track.
    func all() throws -> StereoBuffer { try frames(from: 0, count: Int(frameCount)) }
}

/// What is left of `heard` when the best-fitting multiple of `reference`, moved by `lag`, is taken off; over its rms.
func residual(_ heard: [Float], _ reference: [Float], lag: Int, range: Range<Int>) -> Float {
    var (product, power, total) = (0.0, 0.0, 0.0)
    heard.withUnsafeBufferPointer { heard in
        reference.withUnsafeBufferPointer { reference in
            for index in range {
                let (one, other) = (Double(heard[index]), Double(reference[index + lag]))
                product += one * other
                power += other * other
                total += one * one
            }
        }
    }
    guard power > 0, total > 0 else { return total == power ? 0 : 1 }
    return Float(max(0, (total - product * product / power) / total).squareRoot())
}
