/// Which known word somebody probably meant.
package enum Spelling {
    /// The nearest of the words, if it is near enough to be a slip (a third of its length, at least 2 edits).
    package static func nearest(to word: String, among words: [String]) -> String? {
        let scored = words.map { (word: $0, edits: edits(from: Array(word.utf8), to: Array($0.utf8))) }
        guard let best = scored.min(by: { ($0.edits, $0.word) < ($1.edits, $1.word) }) else { return nil }
        return best.edits <= max(2, best.word.utf8.count / 3) ? best.word : nil
    }

    /// The number of inserted, deleted, changed or swapped letters between two words
    /// (optimal string alignment; Damerau 1964).
    package static func edits(from a: [UInt8], to b: [UInt8]) -> Int {
        var rows = Array(repeating: Array(repeating: 0, count: b.count + 1), count: a.count + 1)
        for i in 0...a.count { rows[i][0] = i }
        for j in 0...b.count { rows[0][j] = j }
        guard !a.isEmpty, !b.isEmpty else { return max(a.count, b.count) }
        for i in 1...a.count {
            for j in 1...b.count {
                let change = a[i - 1] == b[j - 1] ? 0 : 1
                var best = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + change)
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { best = min(best, rows[i - 2][j - 2] + 1) }
                rows[i][j] = best
            }
        }
        return rows[a.count][b.count]
    }
}
