import Foundation

/// Pitch classes over time: what of each note stands out of the notes around it.
///
/// A note counts with the least of three frames, so that a drum hit leaves no note; magnitudes are compressed by a
/// logarithm and freed of the mean over the octave around them, so that neither the bass drum nor bright noise decides.
package struct Chromagram: Sendable {
    /// One row of C ... B a tenth of a second.
    package var chroma: [[Float]] = []
    /// The same of the notes below 200 Hz.
    package var bass: [[Float]] = []
    /// C ... B summed over the track, from C2 up.
    package var sum = [Double](repeating: 0, count: 12)
    /// Which rows are more than a hundredth as loud as the loudest.
    package var sounds: [Bool] = []
    package var soundingCount: Int { sounds.reduce(0) { $0 + ($1 ? 1 : 0) } }

    /// How far the logarithm compresses a note as loud as the mean of a loud row.
    private static let compression: Float = 10
    /// Notes of the mean that is taken away: half an octave on each side.
    private static let reach = 6
    private static let bassNotes = 28
    /// C2: below it a semitone is narrower than a bin can tell.
    private static let firstKeyNote = 8

    /// `noteRows` as `NoteExtractor` leaves them.
    package init(noteRows: [UInt8]) {
        let width = NoteExtractor.noteCount
        let rowCount = noteRows.count / width
        guard rowCount > 0 else { return }
        let table = (0...255).map { NoteExtractor.magnitude(UInt8($0)) }
        var totals = [Float](repeating: 0, count: rowCount)
        for row in 0..<rowCount {
            for note in 0..<width { totals[row] += table[Int(noteRows[row * width + note])] }
        }
        let loud = OnsetStrength.percentile(totals, 0.9)
        let loudest = totals.max() ?? 0
        guard loud > 1e-6 else {
            chroma = [[Float]](repeating: [Float](repeating: 0, count: 12), count: rowCount)
            bass = chroma
            sounds = [Bool](repeating: false, count: rowCount)
            return
        }
        let scale = Chromagram.compression * Float(width) / loud
        let logTable = table.map { log(1 + scale * $0) }
        chroma.reserveCapacity(rowCount)
        bass.reserveCapacity(rowCount)
        var values = [Float](repeating: 0, count: width)
        for row in 0..<rowCount {
            let before = max(0, row - 1) * width
            let here = row * width
            let after = min(rowCount - 1, row + 1) * width
            for note in 0..<width {
                let least = min(noteRows[before + note], min(noteRows[here + note], noteRows[after + note]))
                values[note] = logTable[Int(least)]
            }
            let folded = Chromagram.fold(values)
            chroma.append(folded.all)
            bass.append(folded.bass)
            sounds.append(totals[row] > 0.01 * loudest)
            if sounds[row] {
                for pitchClass in 0..<12 { sum[pitchClass] += Double(folded.all[pitchClass]) }
            }
        }
    }

    /// One row of notes, freed of its local mean, folded into pitch classes.
    private static func fold(_ values: [Float]) -> (all: [Float], bass: [Float]) {
        var all = [Float](repeating: 0, count: 12)
        var bass = all
        let width = values.count
        var sum: Float = 0
        for note in -reach...reach { sum += values[max(0, min(width - 1, note))] }
        for note in 0..<width {
            let excess = values[note] - sum / Float(2 * reach + 1)
            if excess > 0 {
                let pitchClass = (NoteExtractor.lowestNote + note) % 12
                if note >= firstKeyNote { all[pitchClass] += excess }
                if note < bassNotes { bass[pitchClass] += excess }
            }
            sum += values[min(width - 1, note + reach + 1)] - values[max(0, note - reach)]
        }
        return (all, bass)
    }
}
