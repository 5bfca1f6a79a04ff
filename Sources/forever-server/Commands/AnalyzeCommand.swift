import ForeverCodec
import ForeverMix
import ForeverRelay
import Foundation

/// `forever-server analyze FILE...`: what each file's sound is.
struct AnalyzeCommand {
    private let files: [String]
    private let writesJSON: Bool
    /// Where a drawing of the one file's analysis goes.
    private let plotPath: String?

    init(_ options: OptionValues) throws(OptionError) {
        files = options.arguments
        writesJSON = options.flag("json")
        guard !files.isEmpty else {
            throw OptionError("analyze needs at least one file: forever-server analyze FILE...")
        }
        plotPath = options.text("plot")
        if let plotPath {
            guard files.count == 1 else { throw OptionError("--plot draws one file at a time") }
            guard plotPath.lowercased().hasSuffix(".svg") else {
                throw OptionError("--plot writes SVG: give it a name that ends in .svg")
            }
        }
    }

    /// 1 when a file could not be read; the others are done all the same.
    func run() -> Int32 {
        let progress = ProgressLine()
        var status: Int32 = 0
        for (index, path) in files.enumerated() {
            do {
                let began = ProcessTime.cpuSeconds()
                let name = "\(index + 1)/\(files.count) \(path)"
                let (analysis, trace) = try TrackAnalyzer().traced(
                    try AudioFile(path: path),
                    progress: { progress.show("\(name): \(Int($0 * 100)) %") }, isCancelled: nil)
                let cpuSeconds = ProcessTime.cpuSeconds() - began
                progress.clear()
                if let plotPath {
                    let plot = AnalysisPlot(
                        name: URL(fileURLWithPath: path).lastPathComponent, analysis: analysis, trace: trace)
                    try Data(plot.svg().utf8).write(to: URL(fileURLWithPath: plotPath))
                }
                Terminal.line(
                    writesJSON
                        ? try json(path, analysis, cpuSeconds: cpuSeconds) : AnalyzeCommand.words(path, analysis))
            } catch {
                progress.clear()
                Program.say(Program.passedOver(path, error))
                status = 1
            }
        }
        return status
    }

    /// Times in seconds, loudness in LUFS, its range in LU, true peak in dBTP, the tuning of A in Hz.
    private struct Line: Encodable {
        var file: String
        var duration: Double
        var tempo: Double?
        var beats: [Double]
        var downbeats: [Double]
        var timeSignature: TimeSignature
        var structure: TrackStructure
        var key: MusicalKey?
        var tuning: Double
        var loudness: Double
        var loudnessRange: Double
        var truePeak: Double
        var energy: Double
        var danceability: Double
        var confidence: TrackAnalysis.Confidence
        var trusted: TrackAnalysis.Trusted
        var cpu_s: Double
        var analysisVersion: Int
    }

    private func json(_ path: String, _ analysis: TrackAnalysis, cpuSeconds: Double) throws -> String {
        let line = Line(
            file: path, duration: analysis.duration, tempo: analysis.tempo, beats: analysis.beats,
            downbeats: analysis.downbeats, timeSignature: analysis.timeSignature, structure: analysis.structure,
            key: analysis.key, tuning: analysis.tuning, loudness: analysis.loudness,
            loudnessRange: analysis.loudnessRange, truePeak: analysis.truePeak, energy: analysis.energy,
            danceability: analysis.danceability, confidence: analysis.confidence, trusted: analysis.trusted,
            cpu_s: cpuSeconds, analysisVersion: analysis.analysisVersion)
        return try SortedJSON.line(line)
    }

    private static func words(_ path: String, _ analysis: TrackAnalysis) -> String {
        func figure(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
        let tempo = analysis.tempo.map { "\(figure($0, 2)) BPM" } ?? "no tempo"
        let trust = analysis.trusted.beats ? "beats trusted" : "beats not trusted"
        return "\(path): \(figure(analysis.duration, 1)) s, \(tempo) (\(trust)), "
            + "\(analysis.key?.description ?? "no key"), \(figure(analysis.loudness, 1)) LUFS, "
            + "\(figure(analysis.truePeak, 1)) dBTP"
    }
}
