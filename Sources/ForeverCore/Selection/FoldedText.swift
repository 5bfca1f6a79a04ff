import Foundation

/// Text as it is compared: without case, accents, width and punctuation, as a row of words.
struct FoldedText: Hashable, Sendable {
    let words: [String]

    init(_ text: String) {
        let plain = text.prefix(4 * CoreLimits.titleCharactersMax)
            .folding(options: [.caseInsensitive, .diacriticInsensitive, .widthInsensitive], locale: nil)
        words = plain.split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }

    /// The words with one space between.
    var line: String { words.joined(separator: " ") }

    /// Whether the words of `phrase` stand here one after the other: "live set" is in "My live set", "set" is not in
    /// "Settle".
    func contains(_ phrase: FoldedText) -> Bool {
        let wanted = phrase.words
        guard !wanted.isEmpty, words.count >= wanted.count else { return false }
        return (0...words.count - wanted.count).contains { words[$0..<$0 + wanted.count].elementsEqual(wanted) }
    }
}
