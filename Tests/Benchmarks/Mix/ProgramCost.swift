import Foundation

/// `bench-mix cost SECONDS PROGRAM ARGUMENT...`: what a program that makes so many seconds of sound uses.
struct ProgramCost {
    let soundSeconds: Double
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
        let seconds = [usage.ru_utime, usage.ru_stime].reduce(0.0) {
            $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6
        }
        let figures = String(
            format: "%.1f CPU s, %.0f times real time, %.0f MB at most", seconds, soundSeconds / seconds,
            Double(usage.ru_maxrss) / 1_024)
        print(figures)
        return process.terminationStatus
    }
}
