import ForeverMix
import ForeverTestKit

/// Chords that make a key plain: each progression leaves the tonic and comes home.
struct Harmony {
    /// Root above the tonic, and the chord's notes above its root. **Units:** semitones.
    struct Chord {
        var root: Int
        var notes: [Int]
    }

    var key: MusicalKey
    var chords: [Chord]
    var scale: [Int]
    var barsPerChord: Int

    private static let majorScale = [0, 2, 4, 5, 7, 9, 11]
    private static let minorScale = [0, 2, 3, 5, 7, 8, 10]
    private static let major = [
        "I V vi IV", "I IV V I", "I vi IV V", "ii V I I", "I IV I V", "I iii IV V", "I bVII IV I", "I I IV V",
        "I vi ii V", "IV V I I", "I IV vi V", "I V IV I",
    ]
    private static let minor = [
        "i VI III VII", "i iv V i", "i VII VI V", "i iv i v", "i VI iv V", "i i VI VII", "i iv VII i", "i v VI iv",
        "VI VII i i", "i III iv V", "i VI VII i", "iv V i i",
    ]
    private static let roots = [
        "i": 0, "I": 0, "ii": 2, "iii": 4, "III": 3, "iv": 5, "IV": 5, "v": 7, "V": 7, "vi": 9, "VI": 8, "VII": 10,
        "bVII": 10,
    ]

    init(_ dice: inout Dice, group: String) {
        let mode: MusicalKey.Mode = dice.chance(0.5) ? .major : .minor
        key = MusicalKey(pitchClass: dice.below(12), mode: mode)
        scale = mode == .major ? Harmony.majorScale : Harmony.minorScale
        let hasSevenths = group == "jazz" || dice.chance(0.25)
        let words = dice.pick(mode == .major ? Harmony.major : Harmony.minor).split(separator: " ")
        chords = words.map { word in
            let isMinor = word.first == "i" || word.first == "v"
            var notes = [0, isMinor ? 3 : 4, 7]
            if hasSevenths { notes.append(word == "I" || word == "IV" || word == "VI" || word == "III" ? 11 : 10) }
            return Chord(root: Harmony.roots[String(word)] ?? 0, notes: notes)
        }
        barsPerChord = group == "four_floor" || group == "broken" ? dice.pick([1, 1, 2]) : 1
    }

    /// What a track ends on.
    var home: Chord { Chord(root: 0, notes: [0, key.mode == .major ? 4 : 3, 7]) }

    func chord(bar: Int) -> Chord { chords[bar / barsPerChord % chords.count] }

    /// MIDI notes of a chord, each as near to `centre` as it goes.
    func voices(_ chord: Chord, near centre: Int) -> [Int] {
        chord.notes.map { note in
            let pitchClass = key.pitchClass + chord.root + note
            return centre - 6 + ((pitchClass - centre + 6) % 12 + 12) % 12
        }
    }
}
