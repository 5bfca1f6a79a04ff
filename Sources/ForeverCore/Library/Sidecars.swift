/// What was said beside a music file: of itself in its own sidecar, and of all music in a folder by a file
/// `folder.forever.json` in it, the nearest one from the music upwards.
public struct Sidecars: Hashable, Sendable {
    private let own: SidecarFile?
    private let folder: SidecarFile?

    public static let folderName = "folder" + SidecarFile.ending

    /// nil where neither lies there.
    public init?(besides path: String) {
        own = SidecarFile(besides: path)
        folder = Sidecars.nearest(above: path)
        if own == nil, folder == nil { return nil }
    }

    /// Another number whenever one of the two comes, changes or goes. **Units:** ns.
    public var modifiedNanoseconds: Int64 {
        (own?.modifiedNanoseconds ?? 0) &+ (folder?.modifiedNanoseconds ?? 0)
    }

    /// The file to name to whoever wrote it.
    public var path: String { own?.path ?? folder?.path ?? "" }

    /// What both say; a track's own counts more. **Errors:** `CorrectionError`, in words for whoever wrote it.
    public func read() throws(CorrectionError) -> Correction {
        let said = try own?.read() ?? Correction()
        guard let folder else { return said }
        do throws(CorrectionError) {
            let hint = try folder.read()
            guard hint == Correction(tempoRange: hint.tempoRange) else {
                throw CorrectionError("of a folder only tempoRange can be said")
            }
            return said.over(hint)
        } catch {
            throw CorrectionError("\(folder.path): \(error)")
        }
    }

    private static func nearest(above path: String) -> SidecarFile? {
        var parts = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        for _ in 0..<CoreLimits.scanDepthMax where !parts.isEmpty {
            let folder = parts.joined(separator: "/")
            if let file = SidecarFile(at: folder + "/" + folderName) { return file }
            parts = parts.dropLast()
        }
        return nil
    }
}
