import Glibc

/// One folder's names in order, packed: 100 000 names lying flat are a few megabytes, not 100 000 objects.
///
/// Hidden names (a dot in front) are left out. The order is that of the bytes: the same on every machine.
struct FolderListing {
    enum Kind: UInt8 { case folder, file, link, other }

    /// Which folder it is, whatever path led to it.
    struct Identity: Hashable {
        var device: UInt64
        var number: UInt64
    }

    let identity: Identity
    /// Whether names were left out because there were too many.
    let isCut: Bool
    private var names: [UInt8] = []
    private var entries: [Entry] = []

    private struct Entry {
        var start: UInt32
        var count: UInt16
        var kind: Kind
    }

    /// **Errors:** errno of the call that failed.
    init(path: String, nameBytesMax: Int) throws(SystemFailure) {
        guard let folder = opendir(path) else { throw SystemFailure(number: errno) }
        defer { closedir(folder) }
        var status = stat()
        guard fstat(dirfd(folder), &status) == 0 else { throw SystemFailure(number: errno) }
        identity = Identity(device: UInt64(status.st_dev), number: UInt64(status.st_ino))
        var isCut = false
        let nameOffset = MemoryLayout<dirent>.offset(of: \dirent.d_name)!
        while true {
            errno = 0
            guard let entry = readdir(folder) else {
                if errno != 0 { throw SystemFailure(number: errno) }
                break
            }
            let name = UnsafeRawPointer(entry) + nameOffset
            let count = strlen(name.assumingMemoryBound(to: CChar.self))
            if count == 0 || name.load(as: UInt8.self) == UInt8(ascii: ".") { continue }
            if names.count + count > nameBytesMax {
                isCut = true
                break
            }
            entries.append(
                Entry(
                    start: UInt32(names.count), count: UInt16(count),
                    kind: FolderListing.kind(Int32(entry.pointee.d_type))))
            names.append(contentsOf: UnsafeRawBufferPointer(start: name, count: count))
        }
        self.isCut = isCut
        names.withUnsafeBytes { bytes in
            entries.sort { FolderListing.isBefore($0, $1, in: bytes) }
        }
    }

    var count: Int { entries.count }

    func kind(at index: Int) -> Kind { entries[index].kind }

    /// nil where the name is not UTF-8.
    func name(at index: Int) -> String? {
        let entry = entries[index]
        return String(validating: names[Int(entry.start)..<Int(entry.start) + Int(entry.count)], as: UTF8.self)
    }

    /// The name with what is not UTF-8 replaced: to be shown, not to be opened.
    func shownName(at index: Int) -> String {
        let entry = entries[index]
        return String(decoding: names[Int(entry.start)..<Int(entry.start) + Int(entry.count)], as: UTF8.self)
    }

    private static func isBefore(_ one: Entry, _ other: Entry, in bytes: UnsafeRawBufferPointer) -> Bool {
        let shared = Int(min(one.count, other.count))
        let base = bytes.baseAddress!
        let order = memcmp(base + Int(one.start), base + Int(other.start), shared)
        return order == 0 ? one.count < other.count : order < 0
    }

    private static func kind(_ type: Int32) -> Kind {
        switch type {
        case 4: .folder  // DT_DIR
        case 8: .file  // DT_REG
        case 10, 0: .link  // DT_LNK, DT_UNKNOWN: what it is must be asked
        default: .other
        }
    }
}

/// A system call's errno.
struct SystemFailure: Error {
    var number: Int32
    var words: String { String(cString: strerror(number)) }
}
