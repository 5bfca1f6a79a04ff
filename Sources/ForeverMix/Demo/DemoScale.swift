/// The seven notes of a key: natural minor or major.
struct DemoScale: Sendable {
    let key: MusicalKey
    private let steps: [Int]

    init(key: MusicalKey) {
        self.key = key
        steps = key.mode == .minor ? [0, 2, 3, 5, 7, 8, 10] : [0, 2, 4, 5, 7, 9, 11]
    }

    /// 0 (C) ... 11 of a degree counted from the tonic, 0-based, any size and sign.
    func pitchClass(degree: Int) -> Int { (key.pitchClass + semitones(degree: degree) + 1200) % 12 }

    /// Semitones above the tonic.
    func semitones(degree: Int) -> Int {
        let octave = degree >= 0 ? degree / 7 : -((6 - degree) / 7)
        return octave * 12 + steps[degree - octave * 7]
    }

    /// The MIDI note of `degree` whose tonic lies within half an octave of `center`.
    func note(degree: Int, near center: Int) -> Int {
        let low = center - 6
        return low + ((key.pitchClass - low) % 12 + 12) % 12 + semitones(degree: degree)
    }
}
