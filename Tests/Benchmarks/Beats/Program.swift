import ForeverCodec
import ForeverMix
import Foundation

/// `bench-beats`: how well the analysis hears music whose beats, bars and keys are known.
///
/// Without arguments, tracks of the demo crate drawn from seeds that nothing was tuned on. With a folder, files and
/// truths as Docs/Analysis.md describes.
enum Program {
    static func run(_ arguments: [String]) -> Int32 {
        do {
            var table = ScoreTable()
            if arguments.isEmpty || arguments[0] == "--crates" {
                let crates = arguments.count > 1 ? Int(arguments[1]) ?? 3 : 3
                for seed in 0..<UInt64(max(1, crates)) {
                    for track in DemoCrate(seed: 7_001 + seed).tracks {
                        table.add(try score(track.makeSource(), Truth(track)))
                    }
                }
            } else {
                for folder in arguments {
                    for truth in try Truth.all(inFolder: folder) {
                        guard let path = truth.path else { continue }
                        table.add(try score(try AudioFile(path: path), truth))
                    }
                }
            }
            print(table.text)
            return 0
        } catch {
            print("bench-beats: \(error)")
            return 1
        }
    }

    private static func score(_ source: any SampleSource, _ truth: Truth) throws -> TrackScore {
        let began = cpuSeconds()
        let analysis = try TrackAnalyzer().analyze(source)
        return TrackScore(analysis, truth, cpuSeconds: cpuSeconds() - began)
    }

    private static func cpuSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
