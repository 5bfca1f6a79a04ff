extension AcousticFingerprint {
    /// Longest stretch that is taken. **Units:** s.
    private static let secondsMax = 120.0
    /// Semitones gathered into one band, and the lowest taken: 33 bands of two semitones from 55 Hz on.
    private static let notesPerBand = 2
    private static let lowestRow = 5

    /// Of note rows as `NoteExtractor` leaves them, from `start` s on.
    package init(noteRows: [UInt8], from start: Double) {
        let width = NoteExtractor.noteCount
        let step = AnalysisLimits.chromaFramesPerSecond / AcousticFingerprint.wordsPerSecond
        let first = Int(start * Double(AnalysisLimits.chromaFramesPerSecond))
        let last = min(
            noteRows.count / width, first + Int(AcousticFingerprint.secondsMax) * AnalysisLimits.chromaFramesPerSecond)
        let bands = 33
        var before: [Int]?
        var words: [UInt32] = []
        for row in stride(from: first, to: last, by: step) {
            // Sums of logarithms: whoever makes it louder or darker moves all rows alike.
            let now = (0..<bands).map { band in
                (0..<AcousticFingerprint.notesPerBand).reduce(0) { sum, k in
                    sum + Int(noteRows[row * width + AcousticFingerprint.lowestRow + band * 2 + k])
                }
            }
            if let before {
                var word: UInt32 = 0
                for bit in 0..<32 where now[bit] - now[bit + 1] > before[bit] - before[bit + 1] {
                    word |= 1 << UInt32(bit)
                }
                words.append(word)
            }
            before = now
        }
        self.init(words: words)
    }
}
