import Foundation

/// A place for one catalogue file, gone when the value is.
final class TemporaryCatalogue {
    let folder: String
    var path: String { folder + "/data/catalogue.sqlite" }

    init() {
        folder = NSTemporaryDirectory() + "forever-catalogue-\(UUID().uuidString)"
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Names of the files there, sorted.
    var files: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder + "/data")) ?? []).sorted()
    }

    /// Overwrites bytes of the file.
    func write(_ bytes: [UInt8], at offset: Int) throws {
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        try file.seek(toOffset: UInt64(offset))
        try file.write(contentsOf: Data(bytes))
        try file.close()
    }

    func damage(at offset: Int, count: Int) throws {
        try write([UInt8](repeating: 0xA5, count: count), at: offset)
    }
}
