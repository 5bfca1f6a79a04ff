import Glibc

/// How busy the machine is.
enum MachineLoad {
    /// The 1-minute load average divided by the processors; nil where the system does not say.
    static func perProcessor() -> Double? {
        var averages = [0.0]
        guard getloadavg(&averages, 1) == 1 else { return nil }
        return averages[0] / Double(max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))))
    }
}
