import ForeverCore
import Foundation
import Glibc
import Testing

@Suite struct ContentKeyTests {
    /// Results of MurmurHash3_x64_128 with seed 0 as published with other implementations of it.
    @Test(arguments: [
        ("", "00000000000000000000000000000000"),
        ("hello", "cbd8a7b341bd9b025b1e906a48ae1d19"),
        ("hello, world", "342fac623a5ebc8e4cdcbc079642414d"),
        ("The quick brown fox jumps over the lazy dog.", "cd99481f9ee902c9695da1a38987b6e7"),
    ])
    func hashesAsMurmur3Does(text: String, hex: String) {
        #expect(ContentKey(of: Data(text.utf8)).text.hasSuffix("-" + hex))
    }

    @Test func isTheSameHoweverTheBytesArrive() {
        var generator = SeededGenerator(seed: 3)
        let bytes = (0..<5_000).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
        let whole = ContentKey(of: Data(bytes))
        for _ in 0..<200 {
            var hash = Murmur128()
            var start = 0
            while start < bytes.count {
                let end = min(bytes.count, start + 1 + generator.next(below: 100))
                bytes[start..<end].withUnsafeBytes { hash.add($0) }
                start = end
            }
            #expect(hash.digest == (whole.hashHigh, whole.hashLow))
        }
    }

    @Test func staysWithAMovedFileAndLeavesWithAChangedByte() throws {
        let folder = TemporaryFolder()
        var bytes = [UInt8](repeating: 7, count: 700_001)  // more than two chunks, and an odd end
        let path = folder.file("a/one.mp3", bytes)
        let key = try ContentKey(ofFileAtPath: path)
        #expect(key == ContentKey(of: Data(bytes)))
        #expect(key.byteCount == 700_001)

        let moved = "\(folder.folder("b"))/two.flac"
        try FileManager.default.moveItem(atPath: path, toPath: moved)
        #expect(try ContentKey(ofFileAtPath: moved) == key)

        bytes[350_000] ^= 1
        #expect(try ContentKey(ofFileAtPath: folder.file("c.mp3", bytes)) != key)
    }

    @Test func readsItsOwnText() throws {
        let key = ContentKey(of: Data("music".utf8))
        #expect(ContentKey(text: key.text) == key)
        #expect(key.text.allSatisfy { $0.isHexDigit || $0 == "-" })
        #expect(try JSONDecoder().decode(ContentKey.self, from: JSONEncoder().encode(key)) == key)
        for text in ["", "-", "5-", "5-12", "x-" + String(repeating: "0", count: 32), key.text + "0", "-5" + key.text] {
            #expect(ContentKey(text: text) == nil)
        }
    }

    @Test func saysWhyThereIsNone() throws {
        let folder = TemporaryFolder()
        #expect(throws: ContentKeyError.unreadable(path: folder.path + "/x", reason: "No such file or directory")) {
            try ContentKey(ofFileAtPath: folder.path + "/x")
        }
        #expect(throws: ContentKeyError.unreadable(path: folder.path, reason: "not a plain file")) {
            try ContentKey(ofFileAtPath: folder.path)
        }
        // A pipe that nobody writes to must not hold anybody up.
        let pipe = folder.path + "/pipe.mp3"
        #expect(mkfifo(pipe, 0o600) == 0)
        #expect(throws: ContentKeyError.unreadable(path: pipe, reason: "not a plain file")) {
            try ContentKey(ofFileAtPath: pipe)
        }
        let file = folder.file("a.mp3")
        #expect(throws: ContentKeyError.cancelled) {
            try ContentKey(ofFileAtPath: file, isCancelled: { true })
        }
    }
}
