import Glibc

/// Where a soak keeps its files, and which ports are its own.
final class Workplace {
    let folder: String
    let token = Array("a token for one soak only".utf8)
    var tokenFile: String { folder + "/token" }
    private let isKept: Bool

    /// Below those that the kernel gives to clients: a server that is away must find its port free again.
    private static let ports: Range<UInt16> = 20_000..<30_000

    /// - folder: kept afterwards; nil: one of its own, removed unless something broke
    /// **Errors:** when the folder cannot be written.
    init(folder: String?) throws(SoakError) {
        isKept = folder != nil
        if let folder {
            mkdir(folder, 0o755)
            self.folder = folder
        } else {
            let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
            var template = Array((base + "/forever-soak-XXXXXX").utf8CString)
            guard mkdtemp(&template) != nil else { throw SoakError("no folder can be made in \(base)") }
            self.folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
        let file = open(tokenFile, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0, write(file, token, token.count) == token.count else {
            throw SoakError("\(tokenFile) cannot be written")
        }
        close(file)
    }

    /// A program of this build, from the folder that this one is in.
    static func program(_ name: String) throws(SoakError) -> String {
        var path = [CChar](repeating: 0, count: 4_096)
        let count = readlink("/proc/self/exe", &path, path.count - 1)
        let own = String(decoding: path.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let found = own.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        guard access("\(found)/\(name)", X_OK) == 0 else {
            throw SoakError("\(name) is not built: swift build -c release --product \(name)")
        }
        return "\(found)/\(name)"
    }

    /// So many ports that nobody listens on now.
    func ports(_ count: Int) throws(SoakError) -> [UInt16] {
        var found: [UInt16] = []
        // Two soaks at once begin at different places.
        var next = Self.ports.lowerBound + UInt16(getpid() % 400) * 20
        var tried = 0
        while found.count < count {
            guard tried < Self.ports.count else { throw SoakError("no \(count) ports are free") }
            if Self.isFree(next) { found.append(next) }
            next = next + 1 < Self.ports.upperBound ? next + 1 : Self.ports.lowerBound
            tried += 1
        }
        return found
    }

    private static func isFree(_ port: UInt16) -> Bool {
        let fd = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard fd >= 0 else { return false }
        defer { close(fd) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(fd, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    /// Removes the folder, unless it is to be looked at.
    func clear(hasBroken: Bool) {
        guard !isKept, !hasBroken else { return }
        removeTree(folder)
    }

    private func removeTree(_ path: String) {
        if let entries = opendir(path) {
            while let entry = readdir(entries) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name != ".", name != ".." { removeTree(path + "/" + name) }
            }
            closedir(entries)
        }
        remove(path)
    }
}
