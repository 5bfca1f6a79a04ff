import ForeverCodec
import ForeverMix
import Foundation

/// `bench-beats`: how well the analysis hears music whose beats, bars and keys are known.
///
/// Without arguments the wide set: tracks of every groove of `Groove.all`, drawn from a seed. With `--crates N` the demo
/// crates of N seeds that nothing was tuned on. With a folder, files and truths as Docs/Analysis.md describes.
enum Program {
    private static let usage = """
        bench-beats [--count N] [--seed N] [--keep FOLDER]   the wide set: N tracks (96) drawn from a seed (1)
        bench-beats --crates N                               the demo crates of N seeds
        bench-beats --memory                                 memory for files of ten minutes and ten hours
        bench-beats FOLDER...                                files beside their truths (Docs/Analysis.md)
        """

    static func run(_ arguments: [String]) -> Int32 {
        do {
            let options = try Options(arguments)
            if let file = options.analysedFile {
                try MemoryCheck.analyse(file)
                return 0
            }
            if options.checksMemory { return try MemoryCheck.run() ? 0 : 1 }
            var table = ScoreTable()
            if let crates = options.crates {
                try scoreCrates(crates, into: &table)
            } else if options.folders.isEmpty {
                try scoreWideSet(options, into: &table)
            }
            for folder in options.folders {
                for truth in try Truth.all(inFolder: folder) {
                    guard let path = truth.path else { continue }
                    table.add(try score(try AudioFile(path: path), truth))
                }
            }
            print(table.text)
            return 0
        } catch let error as Options.Problem {
            FileHandle.standardError.write(Data("bench-beats: \(error.text)\n\(usage)\n".utf8))
            return 2
        } catch {
            FileHandle.standardError.write(Data("bench-beats: \(error)\n".utf8))
            return 1
        }
    }

    private static func scoreCrates(_ count: Int, into table: inout ScoreTable) throws {
        for seed in 0..<UInt64(count) {
            for track in DemoCrate(seed: 7_001 + seed).tracks {
                table.add(try score(track.makeSource(), Truth(track)))
            }
        }
    }

    /// Through files, so that the time includes decoding.
    private static func scoreWideSet(_ options: Options, into table: inout ScoreTable) throws {
        let files = FileManager.default
        let folder =
            options.keptFolder.map { URL(fileURLWithPath: $0) }
            ?? files.temporaryDirectory.appendingPathComponent("bench-beats-\(getpid())")
        try files.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { if options.keptFolder == nil { try? files.removeItem(at: folder) } }
        for number in 0..<options.count {
            let track = WideTrack(seed: options.seed, number: number)
            let truth = Truth(track)
            let name = "\(options.seed)-\(number)"
            let path = folder.appendingPathComponent(name + ".flac").path
            let writer = try AudioFileWriter(path: path)
            try writer.write(WidePlayer.sound(of: track))
            try writer.finish()
            table.add(try score(try AudioFile(path: path), truth))
            if options.keptFolder == nil {
                try files.removeItem(atPath: path)
            } else {
                try truth.write(toFolder: folder, name: name, file: name + ".flac")
            }
        }
    }

    private static func score(_ source: any SampleSource, _ truth: Truth) throws -> TrackScore {
        let began = cpuSeconds()
        let analysis = try TrackAnalyzer().analyze(source)
        return TrackScore(analysis, truth, cpuSeconds: cpuSeconds() - began)
    }

    static func cpuSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
