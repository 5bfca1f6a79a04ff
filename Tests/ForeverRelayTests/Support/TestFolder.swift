import Glibc

/// A folder of its own for one test, gone with it.
final class TestFolder {
    let path: String

    init() {
        var name = Array("/tmp/forever-relay-XXXXXX".utf8CString)
        path = String(cString: mkdtemp(&name))
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }

    deinit {
        guard let folder = opendir(path) else { return }
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { unlink(file(name)) }
        }
        closedir(folder)
        rmdir(path)
    }
}
