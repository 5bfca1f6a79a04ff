import ForeverCodec
import ForeverMix
import Foundation

/// How much memory the analysis of long files takes above that of one second, each in a process of its own.
enum MemoryCheck {
    /// Lengths, and how much they may take above one second. **Units:** s; MB.
    private static let bars: [(seconds: Int, megabytes: Double)] = [(600, 25), (36_000, 150)]
    private static let bitrateKbps = 128
    /// A frame of MP3 at 48 kHz and this rate.
    private static let frameBytes = 3 * bitrateKbps
    private static let frameSamples = 1_152

    private struct Failure: Error, CustomStringConvertible { var description: String }

    /// Whether all is within the bars.
    static func run() throws -> Bool {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bench-beats-\(getpid())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let frames = try minute(in: folder)
        let base = try peak(of: try file(frames, seconds: 1, in: folder))
        var holds = true
        for (seconds, bar) in bars {
            let path = try file(frames, seconds: seconds, in: folder)
            let (megabytes, cpu) = try peak(of: path)
            try FileManager.default.removeItem(atPath: path)
            let above = megabytes - base.megabytes
            holds = holds && above <= bar
            print(
                String(
                    format: "%6d s of MP3: %.1f MB above one second's %.1f MB (bar %.0f), %.1f CPU s, %.0f x", seconds,
                    above, base.megabytes, bar, cpu, Double(seconds) / max(cpu, 1e-9)))
        }
        return holds
    }

    /// What the child process does: analyses a file, says how much memory that took at most and how long.
    static func analyse(_ path: String) throws {
        _ = try TrackAnalyzer().analyze(try AudioFile(path: path))
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
        guard let kilobytes = line.split(separator: " ").compactMap({ Double($0) }).first else {
            throw Failure(description: "no VmHWM in /proc/self/status")
        }
        print("\(kilobytes / 1_024) \(Program.cpuSeconds())")
    }

    private static func peak(of path: String) throws -> (megabytes: Double, cpuSeconds: Double) {
        let child = Process()
        child.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        child.arguments = ["--analyse", path]
        let pipe = Pipe()
        child.standardOutput = pipe
        try child.run()
        let said = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        child.waitUntilExit()
        let numbers = said.split { $0 == " " || $0 == "\n" }.compactMap { Double($0) }
        guard child.terminationStatus == 0, numbers.count == 2 else {
            throw Failure(description: "the analysis of \(path) ended with \(child.terminationStatus)")
        }
        return (numbers[0], numbers[1])
    }

    /// The MP3 frames of a minute of music, without the header that says how long it is.
    private static func minute(in folder: URL) throws -> Data {
        let sound = WidePlayer.sound(of: WideTrack(seed: 1, number: 0))
        let count = min(sound.frameCount, 60 * AudioFormat.sampleRate)
        let path = folder.appendingPathComponent("minute.mp3").path
        let writer = try AudioFileWriter(path: path, bitrateKbps: bitrateKbps)
        try writer.write(StereoBuffer(left: Array(sound.left[..<count]), right: Array(sound.right[..<count])))
        try writer.finish()
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        if bytes.starts(with: Data("ID3".utf8)) {
            bytes = Data(bytes.dropFirst(10 + bytes[6..<10].reduce(0) { $0 << 7 | Int($1) }))
        }
        let first = bytes.prefix(frameBytes)
        if first.range(of: Data("Info".utf8)) != nil || first.range(of: Data("Xing".utf8)) != nil {
            bytes = Data(bytes.dropFirst(frameBytes))
        }
        return bytes.prefix(bytes.count / frameBytes * frameBytes)
    }

    /// The same minute again and again.
    private static func file(_ minute: Data, seconds: Int, in folder: URL) throws -> String {
        let path = folder.appendingPathComponent("\(seconds).mp3").path
        guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path)
        else { throw Failure(description: "cannot write \(path)") }
        var left = seconds * AudioFormat.sampleRate / frameSamples * frameBytes
        while left > 0 {
            try file.write(contentsOf: minute.prefix(left))
            left -= min(left, minute.count)
        }
        try file.close()
        return path
    }
}
