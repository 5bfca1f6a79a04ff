import CFFmpeg
import Foundation

/// Why a file could not be read or written. **Shape:** the call that failed, the reason as text, and the file.
public enum CodecError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The operating system refused.
    case system(call: String, reason: String, path: String)
    /// A codec library refused.
    case codec(call: String, reason: String, path: String)
    /// The file is none of what is played here, or asks for more than a limit.
    case refused(reason: String, path: String)

    public var description: String {
        switch self {
        case .system(let call, let reason, let path), .codec(let call, let reason, let path):
            "\(path): \(call): \(reason)"
        case .refused(let reason, let path): "\(path): \(reason)"
        }
    }

    /// The error of a call into FFmpeg that returned `code`.
    static func codec(_ call: String, _ code: Int32, _ path: String) -> CodecError {
        let text = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            buffer.initialize(repeating: 0)
            av_strerror(code, buffer.baseAddress!, buffer.count - 1)
            return String(cString: buffer.baseAddress!)
        }
        return .codec(call: call, reason: text, path: path)
    }

    /// The error of a system call that set `errno` to `number`.
    static func system(_ call: String, _ number: Int32, _ path: String) -> CodecError {
        .system(call: call, reason: String(cString: strerror(number)), path: path)
    }
}

/// FFmpeg's own messages go nowhere: every failure reaches us as a code, and hostile files would fill the log.
enum FFmpegLog {
    /// Touch to silence, once per process.
    static let silenced: Void = av_log_set_level(AV_LOG_QUIET)
}
