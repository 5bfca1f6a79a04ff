import Glibc

/// Finds the music files below some folders, one after the other, in an order that is always the same.
///
/// A sequence: nothing is looked at before it is asked for, and only the names of the folders between a root and the
/// current place are held. Hidden names are passed over; links are followed, and a folder is entered once however
/// many ways lead to it, so loops end and overlapping roots give each file once. Folders and files that cannot be
/// read are reported once, in their place, and passed over.
public struct LibraryScanner: Sequence, Sendable {
    /// One step of a scan.
    public enum Finding: Hashable, Sendable {
        case file(FoundFile)
        case problem(ScanProblem)
    }

    /// How far a scan goes.
    public struct Limits: Hashable, Sendable {
        public var depthMax = CoreLimits.scanDepthMax
        public var filesMax = CoreLimits.scanFilesMax
        public var foldersMax = CoreLimits.scanFoldersMax
        public var folderNameBytesMax = CoreLimits.folderNameBytesMax
        public init() {}
    }

    /// Folders, or single music files, in the order they are gone through.
    public var roots: [String]
    public var limits: Limits
    /// Whether roots keep the path by which they are named, also where a link is on the way: for a part of what was
    /// scanned before, whose paths are known already.
    public var keepsNames: Bool

    public init(roots: [String], limits: Limits = Limits(), keepsNames: Bool = false) {
        self.roots = roots
        self.limits = limits
        self.keepsNames = keepsNames
    }

    public func makeIterator() -> Iterator { Iterator(self, willEnter: nil) }

    /// The same, calling `willEnter` with each folder before its names are read: whoever watches it from there on
    /// misses nothing.
    public func makeIterator(willEnter: @escaping (String) -> Void) -> Iterator {
        Iterator(self, willEnter: willEnter)
    }

    /// The scan itself. **Thread:** one user at a time.
    public struct Iterator: IteratorProtocol {
        private let limits: Limits
        private let keepsNames: Bool
        private let willEnter: ((String) -> Void)?
        private var rootsLeft: [String]
        private var open: [OpenFolder] = []
        private var entered: Set<FolderListing.Identity> = []
        private var filesFound = 0
        private var isOver = false

        private struct OpenFolder {
            var path: String
            var listing: FolderListing
            var next = 0
            var saysCut: Bool
        }

        init(_ scanner: LibraryScanner, willEnter: ((String) -> Void)?) {
            limits = scanner.limits
            keepsNames = scanner.keepsNames
            self.willEnter = willEnter
            rootsLeft = scanner.roots.reversed()
        }

        public mutating func next() -> Finding? {
            while !isOver {
                guard let folder = open.last else {
                    guard let root = rootsLeft.popLast() else { return nil }
                    if let finding = begin(root: root) { return finding }
                    continue
                }
                let top = open.count - 1
                if folder.next < folder.listing.count {
                    open[top].next += 1
                    if let finding = look(at: folder.next, in: folder) { return finding }
                } else {
                    open.removeLast()
                    if folder.saysCut {
                        return problem(folder.path, .folderTooLarge(byteLimit: limits.folderNameBytesMax))
                    }
                }
            }
            return nil
        }

        private mutating func begin(root: String) -> Finding? {
            if keepsNames { return visit(root, named: root, isRoot: true) }
            guard let resolved = realpath(root, nil) else {
                return problem(root, .unreadable(String(cString: strerror(errno))))
            }
            defer { free(resolved) }
            guard let path = String(validatingCString: resolved) else { return problem(root, .nameNotUTF8) }
            return visit(path, named: path, isRoot: true)
        }

        private mutating func look(at index: Int, in folder: OpenFolder) -> Finding? {
            let kind = folder.listing.kind(at: index)
            guard kind != .other else { return nil }
            guard let name = folder.listing.name(at: index) else {
                let shown = folder.listing.shownName(at: index)
                guard kind == .folder || FoundFile.isMusic(name: shown) else { return nil }
                return problem(folder.path + "/" + shown, .nameNotUTF8)
            }
            if kind == .file, !FoundFile.isMusic(name: name) { return nil }
            let path = folder.path == "/" ? "/" + name : folder.path + "/" + name
            guard path.utf8.count < CoreLimits.pathBytesMax else { return problem(path, .pathTooLong) }
            if kind == .folder { return enter(path) }
            return visit(path, named: name, isRoot: false)
        }

        /// Looks what stands at `path`, links followed.
        private mutating func visit(_ path: String, named name: String, isRoot: Bool) -> Finding? {
            var status = stat()
            guard stat(path, &status) == 0 else {
                guard isRoot || FoundFile.isMusic(name: name) else { return nil }
                return problem(path, .unreadable(String(cString: strerror(errno))))
            }
            switch status.st_mode & S_IFMT {
            case S_IFDIR:
                return enter(path)
            case S_IFREG where FoundFile.isMusic(name: name):
                guard status.st_size > 0 else { return problem(path, .emptyFile) }
                return found(path, status)
            default:
                return isRoot ? problem(path, .notMusic) : nil
            }
        }

        private mutating func found(_ path: String, _ status: stat) -> Finding? {
            guard filesFound < limits.filesMax else {
                isOver = true
                return problem(path, .tooManyFiles(limit: limits.filesMax))
            }
            filesFound += 1
            let modified = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
            return .file(FoundFile(path: path, byteCount: Int64(status.st_size), modifiedNanoseconds: modified))
        }

        private mutating func enter(_ path: String) -> Finding? {
            guard open.count < limits.depthMax else { return problem(path, .tooDeep(limit: limits.depthMax)) }
            willEnter?(path)
            let listing: FolderListing
            do throws(SystemFailure) {
                listing = try FolderListing(path: path, nameBytesMax: limits.folderNameBytesMax)
            } catch {
                return problem(path, .unreadable(error.words))
            }
            guard !entered.contains(listing.identity) else { return nil }
            guard entered.count < limits.foldersMax else {
                isOver = true
                return problem(path, .tooManyFolders(limit: limits.foldersMax))
            }
            entered.insert(listing.identity)
            open.append(OpenFolder(path: path, listing: listing, saysCut: listing.isCut))
            return nil
        }

        private func problem(_ path: String, _ reason: ScanProblem.Reason) -> Finding {
            .problem(ScanProblem(path: path, reason: reason))
        }
    }
}
