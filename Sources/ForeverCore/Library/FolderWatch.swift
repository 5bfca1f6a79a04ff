import Glibc

/// Hears of changes in folders from the kernel (inotify), without looking again and again.
///
/// **Thread:** one; it needs not be the one that made it.
public final class FolderWatch {
    /// Something that happened.
    public enum Event: Hashable, Sendable {
        /// Something of that name in a watched folder came, went, or was written to its end.
        case changed(path: String)
        /// The kernel had more to say than it could hold: anything may have changed.
        case overflowed
    }

    /// How a folder came to be watched, or not.
    public enum Outcome: Hashable, Sendable {
        case watched
        /// The user's `fs.inotify.max_user_watches` are used up.
        case limitReached
        /// The system's words.
        case failed(String)
    }

    private let descriptor: Int32
    private var folders: [Int32: String] = [:]
    private var buffer: [UInt8]
    private let foldersMax: Int

    /// - Parameter foldersMax: watches of its own at most, below the kernel's limit for all programs of the user
    ///
    /// **Errors:** nil where the kernel gives no watch at all.
    public init?(foldersMax: Int = CoreLimits.watchedFoldersMax) {
        let descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
        guard descriptor >= 0 else { return nil }
        self.descriptor = descriptor
        self.foldersMax = foldersMax
        buffer = [UInt8](repeating: 0, count: CoreLimits.watchBufferBytes)
    }

    deinit { close(descriptor) }

    public var folderCount: Int { folders.count }

    /// Watches one folder, not those in it; watching it again changes nothing.
    public func add(_ path: String) -> Outcome {
        guard folders.count < foldersMax else { return .limitReached }
        let wanted =
            IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF
        let mask = UInt32(wanted) | UInt32(IN_ONLYDIR) | UInt32(IN_EXCL_UNLINK)
        let watch = inotify_add_watch(descriptor, path, mask)
        if watch >= 0 {
            folders[watch] = path
            return .watched
        }
        return errno == ENOSPC ? .limitReached : .failed(String(cString: strerror(errno)))
    }

    /// What happened since the last call, after waiting for it at most so long. **Units:** ms.
    public func wait(milliseconds: Int32) -> [Event] {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&request, 1, milliseconds) > 0 else { return [] }
        var events: [Event] = []
        while events.count < CoreLimits.watchEventsMax {
            let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { break }
            take(count, into: &events)
        }
        return events
    }

    /// Forgets all folders, so that they can be watched anew.
    public func removeAll() {
        for watch in folders.keys { inotify_rm_watch(descriptor, watch) }
        folders.removeAll()
    }

    private func take(_ count: Int, into events: inout [Event]) {
        buffer.withUnsafeBytes { bytes in
            var at = 0
            // struct inotify_event: wd, mask, cookie, len (4 bytes each), then the name, padded with zeros.
            while at + 16 <= count {
                let watch = bytes.loadUnaligned(fromByteOffset: at, as: Int32.self)
                let mask = bytes.loadUnaligned(fromByteOffset: at + 4, as: UInt32.self)
                let length = Int(bytes.loadUnaligned(fromByteOffset: at + 12, as: UInt32.self))
                let name = UnsafeRawBufferPointer(rebasing: bytes[at + 16..<min(count, at + 16 + length)])
                at += 16 + length
                if mask & UInt32(IN_Q_OVERFLOW) != 0 {
                    events.append(.overflowed)
                } else if let event = event(watch, mask, name) {
                    events.append(event)
                }
            }
        }
    }

    private func event(_ watch: Int32, _ mask: UInt32, _ name: UnsafeRawBufferPointer) -> Event? {
        guard let folder = folders[watch] else { return nil }
        if mask & UInt32(IN_IGNORED) != 0 {
            folders[watch] = nil
            return nil
        }
        if mask & UInt32(IN_DELETE_SELF | IN_MOVE_SELF) != 0 {
            // Moved: what it holds now lies under another name, which its new parent tells of.
            if mask & UInt32(IN_MOVE_SELF) != 0 { inotify_rm_watch(descriptor, watch) }
            return .changed(path: folder)
        }
        guard let text = String(validating: name.prefix { $0 != 0 }, as: UTF8.self), !text.isEmpty, text.first != "."
        else { return nil }
        let isFolder = mask & UInt32(IN_ISDIR) != 0
        let path = folder == "/" ? "/" + text : folder + "/" + text
        // It speaks of everything in its folder.
        if text == Sidecars.folderName { return .changed(path: folder) }
        if let music = SidecarFile.musicName(of: text) {
            return .changed(path: folder == "/" ? "/" + music : folder + "/" + music)
        }
        // Of a link it is not said what it leads to; one without a music name may be a folder's.
        guard isFolder || FoundFile.isMusic(name: text) || !text.contains(".") else { return nil }
        return .changed(path: path)
    }
}
