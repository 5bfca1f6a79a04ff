/// The 128 bits by which a page knows its own connection.
public struct ListenerName: Hashable, Sendable {
    private let high: UInt64
    private let low: UInt64

    /// Nil for anything but 32 hexadecimal digits, plain or as a UUID (8-4-4-4-12).
    public init?(_ text: String) {
        var digits = Array(text.utf8)
        if digits.count == 36 {
            for place in [23, 18, 13, 8] {
                guard digits[place] == UInt8(ascii: "-") else { return nil }
                digits.remove(at: place)
            }
        }
        guard digits.count == 32 else { return nil }
        var words: [UInt64] = [0, 0]
        for (index, digit) in digits.enumerated() {
            guard let value = Character(Unicode.Scalar(digit)).hexDigitValue else { return nil }
            words[index / 16] = words[index / 16] << 4 | UInt64(value)
        }
        high = words[0]
        low = words[1]
    }
}
