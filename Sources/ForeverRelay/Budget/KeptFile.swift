import ForeverHTTP
import Glibc

/// A small file in the data folder that is always written whole: under another name first, with a digest as its last line, by
/// which damage is seen.
///
/// **Thread:** one. **Cost:** a write of the whole; it does not wait for the disk, since after a power failure the last ten
/// seconds may be missing anyway.
package struct KeptFile {
    /// Damaged files that are kept beside.
    static let asideMax = 100

    package let path: String
    package let bytesMax: Int

    package init(path: String, bytesMax: Int) {
        self.path = path
        self.bytesMax = bytesMax
    }

    /// What was found.
    package enum Found {
        case nothing
        case bytes([UInt8])
        /// damaged; where it lies now
        case setAside(String)
    }

    /// Reads the file; one that is damaged, or that `isGood` refuses, is set aside.
    package func read(isGood: ([UInt8]) -> Bool) -> Found {
        guard access(path, F_OK) == 0 else { return .nothing }
        if let whole = DataFolder.contents(of: path, bytesMax: bytesMax + 32), let bytes = Self.opened(whole),
            isGood(bytes)
        {
            return .bytes(bytes)
        }
        return .setAside(setAside())
    }

    private func setAside() -> String {
        for number in 1...Self.asideMax {
            let aside = "\(path).damaged-\(number)"
            if access(aside, F_OK) == 0, number < Self.asideMax { continue }
            if rename(path, aside) == 0 { return aside }
            break
        }
        return path
    }

    /// Writes the file. **Errors:** what the system says; what was there before is there still.
    package func write(_ bytes: [UInt8]) throws(SystemError) {
        try WholeFile.replace(path, with: Self.sealed(bytes), waitsForDisk: false)
    }

    /// The bytes and, as a last line, their digest.
    package static func sealed(_ bytes: [UInt8]) -> [UInt8] { bytes + Array((digest(bytes[...]) + "\n").utf8) }

    /// The bytes without their digest; nil when it is not theirs.
    package static func opened(_ whole: [UInt8]) -> [UInt8]? {
        guard whole.count >= 17, whole.last == 10 else { return nil }
        let bytes = whole[..<(whole.count - 17)]
        return whole[(whole.count - 17)..<(whole.count - 1)].elementsEqual(digest(bytes).utf8) ? Array(bytes) : nil
    }

    /// FNV-1a of 64 bits in hexadecimal (Fowler, Noll, Vo): against accidents, not against people.
    private static func digest(_ bytes: ArraySlice<UInt8>) -> String {
        let hash = bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
