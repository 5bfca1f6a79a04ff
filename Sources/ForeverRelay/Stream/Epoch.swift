/// The name of one unbroken count of stream positions: 64 random bits, written as 16 hexadecimal digits.
public struct Epoch: Hashable, Sendable, CustomStringConvertible {
    public let bits: UInt64

    public init(bits: UInt64) { self.bits = bits }

    /// A new epoch.
    public init(using generator: inout some RandomNumberGenerator) { bits = generator.next() }

    /// Nil for anything but 16 lower-case hexadecimal digits.
    public init?(_ text: String) {
        guard text.utf8.count == 16,
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }),
            let bits = UInt64(text, radix: 16)
        else { return nil }
        self.bits = bits
    }

    public var description: String {
        String(unsafeUninitializedCapacity: 16) { digits in
            for index in 0..<16 {
                let nibble = UInt8(truncatingIfNeeded: bits >> (60 - 4 * index)) & 15
                digits[index] = nibble < 10 ? 48 + nibble : 87 + nibble
            }
            return 16
        }
    }
}
