import Glibc

/// What this process has used of its machine.
enum ProcessTime {
    /// CPU time of all its threads. **Units:** s.
    static func cpuSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
