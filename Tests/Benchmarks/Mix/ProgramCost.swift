import ForeverCodec
import ForeverMix
import Foundation

/// `bench-mix cost OUT PROGRAM ARGUMENT...`: what a program uses that makes the sound file OUT.
struct ProgramCost {
    let output: String
    let program: String
    let arguments: [String]

    /// Prints CPU seconds of all its threads, how many times faster than real time that is, and its memory at most.
    func measure() throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        try process.run()
        process.waitUntilExit()
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_CHILDREN.rawValue), &usage)
        let cpuSeconds = [usage.ru_utime, usage.ru_stime].reduce(0.0) {
            $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6
        }
        let seconds = AudioFormat.seconds(try AudioFile(path: output).frameCount)
        let figures = String(
            format: "%.0f s of sound, %.1f CPU s, %.0f times real time, %.0f MB at most", seconds, cpuSeconds,
            seconds / cpuSeconds, Double(usage.ru_maxrss) / 1_024)
        print(figures)
        return process.terminationStatus
    }
}
