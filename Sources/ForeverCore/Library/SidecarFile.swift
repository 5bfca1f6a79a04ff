import Foundation
import Glibc

/// The small file beside a music file that holds what was put right by hand: `Song.mp3.forever.json`.
public struct SidecarFile: Hashable, Sendable {
    public let path: String
    /// When it last changed, since 1970. **Units:** ns.
    public let modifiedNanoseconds: Int64
    private let byteCount: Int64

    public static let ending = ".forever.json"

    /// nil where none lies beside the music file at `path`.
    public init?(besides path: String) { self.init(at: path + SidecarFile.ending) }

    /// nil where none lies at `path`.
    init?(at path: String) {
        self.path = path
        var status = stat()
        guard stat(self.path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        modifiedNanoseconds = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
        byteCount = Int64(status.st_size)
    }

    /// The music file that a sidecar of that name belongs to; nil for another name.
    public static func musicName(of name: String) -> String? {
        guard name.hasSuffix(ending) else { return nil }
        let music = String(name.dropLast(ending.count))
        return FoundFile.isMusic(name: music) ? music : nil
    }

    /// What it says. **Errors:** `CorrectionError`, in words for whoever wrote it.
    public func read() throws(CorrectionError) -> Correction {
        guard byteCount <= CoreLimits.sidecarBytesMax else {
            throw CorrectionError("larger than \(CoreLimits.sidecarBytesMax) bytes")
        }
        guard let json = FileManager.default.contents(atPath: path) else { throw CorrectionError("cannot be read") }
        return try Correction(json: json)
    }
}
