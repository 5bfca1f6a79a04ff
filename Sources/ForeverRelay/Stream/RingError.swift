/// Why a stream ring cannot be had.
public enum RingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// a system call failed with this errno
    case system(call: String, code: Int32)
    /// another process writes this ring
    case inUse(path: String)

    public var description: String {
        switch self {
        case .system(let call, let code): "stream ring: \(call) failed, error \(code)"
        case .inUse(let path): "stream ring: another process writes \(path)"
        }
    }
}
