extension DemoPerformer {
    /// Pads and surface noise of one section.
    mutating func playBeds(_ section: DemoSection, firstBar: Int) {
        if score.genre.hasCrackle { addCrackle(section, firstBar: firstBar) }
        guard section.has(.pad) else { return }
        let endBar = firstBar + section.bars
        var bar = firstBar
        while bar < endBar {
            let chord = chordIndex(bar: bar, answers: section.answers)
            // A chord that lasts is one bed, up to where another begins.
            var next = bar + 1
            while next < endBar && chords[chordIndex(bar: next, answers: section.answers)] == chords[chord] {
                next += 1
            }
            addPad(section, firstBar: firstBar, bars: bar..<next, chord: chord)
            bar = next
        }
    }

    private mutating func addPad(_ section: DemoSection, firstBar: Int, bars: Range<Int>, chord: Int) {
        // The first chord of this kind lends its loop: the same voicing is made once.
        let first = chords.firstIndex(of: chords[chord]) ?? chord
        let dark = Int32(bank.index(of: .padDark(chord: first)))
        let bright = Int32(bank.index(of: .padBright(chord: first)))
        let from = Double(bars.lowerBound - firstBar) / Double(section.bars)
        let to = Double(bars.upperBound - firstBar) / Double(section.bars)
        let gain = 0.44
        beds.append(
            DemoBed(
                start: Int32(score.frame(step: bars.lowerBound * 16)),
                end: Int32(min(score.frameCount, score.frame(step: bars.upperBound * 16) + 9600)),
                attack: 2400, release: 9600, dark: dark, bright: bright,
                levelFrom: Float(gain * section[.pad].value(at: from)),
                levelTo: Float(gain * section[.pad].value(at: to)),
                shadeFrom: Float(section.shade.value(at: from)), shadeTo: Float(section.shade.value(at: to)),
                width: 1, isDucked: true))
    }

    private mutating func addCrackle(_ section: DemoSection, firstBar: Int) {
        let slice = Int32(bank.index(of: .crackle))
        beds.append(
            DemoBed(
                start: Int32(score.frame(step: firstBar * 16)),
                end: Int32(score.frame(step: (firstBar + section.bars) * 16)),
                attack: 480, release: 480, dark: slice, bright: slice, levelFrom: 0.02, levelTo: 0.02, shadeFrom: 0,
                shadeTo: 0, width: 0.8, isDucked: false))
    }
}
