/// The block of an ICY stream that carries a title: one length byte, then that many times 16 bytes of text.
///
/// The text is `StreamTitle='…';` in UTF-8, padded with zeros. Readers take the title to end at the first `';`, so that
/// pair is changed where a title has it, and kept from forming with the quote before the title; control characters
/// become spaces; what is too long is cut between characters.
public enum ICYMetadata {
    /// Audio bytes between two blocks; 8192 is what all known players take.
    public static let intervalBytes = 8_192
    /// 255 times 16 bytes of text.
    public static let textBytesMax = 4_080
    /// More than any display shows; keeps blocks small next to the audio.
    public static let titleBytesMax = 1_000

    /// The block for a title, and for an address when there is one and it fits.
    public static func block(title: String, url: String? = nil) -> [UInt8] {
        var text = Array("StreamTitle='".utf8)
        text += harmless(title, bytesMax: titleBytesMax)
        text += "';".utf8
        if let url {
            let part = Array("StreamUrl='".utf8) + harmless(url, bytesMax: titleBytesMax) + Array("';".utf8)
            if text.count + part.count <= textBytesMax { text += part }
        }
        let units = (text.count + 15) / 16
        return [UInt8(units)] + text + Array(repeating: 0, count: units * 16 - text.count)
    }

    /// The text without what would break a block, cut to whole characters.
    static func harmless(_ text: String, bytesMax: Int) -> [UInt8] {
        var result: [UInt8] = []
        // The field's own quote stands before the text, and FFmpeg begins its search for the end at it.
        var afterQuote = true
        for character in text {
            var scalars = ""
            for scalar in character.unicodeScalars {
                scalars.unicodeScalars.append(scalar.value < 0x20 || scalar.value == 0x7F ? " " : scalar)
            }
            if afterQuote, scalars.utf8.first == UInt8(ascii: ";") {
                // A space, or the typographer's apostrophe instead of the quote.
                scalars = (result.popLast() == nil ? " " : "\u{2019}") + scalars
            }
            guard result.count + scalars.utf8.count <= bytesMax else { break }
            result += scalars.utf8
            afterQuote = result.last == UInt8(ascii: "'")
        }
        return result
    }
}
