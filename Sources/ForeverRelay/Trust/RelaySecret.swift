/// Bytes that the root and one relay share and nobody else knows, written as hexadecimal digits.
public struct RelaySecret: Hashable, Sendable, CustomStringConvertible {
    public let bytes: [UInt8]

    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// So many random bytes.
    public init(count: Int, using generator: inout some RandomNumberGenerator) {
        bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }

    /// Nil unless the text is `count` times two lower-case hexadecimal digits.
    public init?(hexadecimal text: some StringProtocol, count: Int) {
        let digits = Array(text.utf8)
        guard digits.count == 2 * count else { return nil }
        func value(_ digit: UInt8) -> UInt8? {
            switch digit {
            case 0x30...0x39: digit - 0x30
            case 0x61...0x66: digit - 0x57
            default: nil
            }
        }
        var bytes: [UInt8] = []
        for index in 0..<count {
            guard let high = value(digits[2 * index]), let low = value(digits[2 * index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        self.bytes = bytes
    }

    public var hexadecimal: String { RelayProof.hexadecimal(bytes) }

    /// Not the secret: what is logged by mistake stays harmless.
    public var description: String { "a secret of \(bytes.count) bytes" }
}
