import ForeverMix
import ForeverTestKit

/// One drawn piece of music: a groove, a form, a key, a tempo's course, and so the truth about it.
struct WideTrack {
    /// Bars in which the same things play.
    struct Section {
        var bars: Int
        var layers: Set<Layer>
    }

    enum Layer: CaseIterable { case kick, backbeat, hats, bass, chords, pad, lead }

    let seed: UInt64
    let groove: Groove
    let harmony: Harmony
    let sections: [Section]
    let clock: BeatClock
    let tempo: Double
    let swing: Double
    /// How far A lies from 440 Hz. **Units:** cents.
    let cents: Double
    /// Silence before the first beat; negative where the file begins within the music. **Units:** s.
    let lead: Double
    /// As the truth names it: the groove's, or "structure" where the tempo or the drums do not last.
    let group: String
    let name: String

    /// Track `number` of a set.
    init(seed: UInt64, number: Int) {
        var dice = Dice(seed: seed &* 1_000_003 &+ UInt64(number))
        // Every kind has its turn, so that small sets are as wide as large ones.
        var groove = Groove.all[number * 7 % Groove.all.count]
        let isStructure = number % 6 == 5
        if isStructure { groove = Groove.all[number / 6 % 5] }
        self.groove = groove
        harmony = Harmony(&dice, group: groove.group)
        tempo = (dice.between(groove.tempo) * 10).rounded() / 10
        swing = dice.between(groove.swing)
        cents = dice.chance(0.25) ? dice.between(-35...35) : 0
        let kind = isStructure ? number / 6 % 4 : 4
        let course: BeatClock.Course
        switch kind {
        case 0: course = .drift(0.02)
        case 1: course = .ramp(to: tempo * dice.between(1.03...1.07))
        case 4 where groove.group == "band" && dice.chance(0.4): course = .drift(0.01)
        default: course = .constant
        }
        let barSeconds = Double(groove.beatsPerBar) * 60 / tempo
        sections = WideTrack.form(
            kind, unit: barSeconds > 2.3 ? 4 : 8, barSeconds: barSeconds, group: groove.group, &dice)
        let bars = sections.reduce(0) { $0 + $1.bars }
        clock = BeatClock(beats: bars * groove.beatsPerBar, tempo: tempo, course: course, &dice)
        lead = dice.chance(0.6) ? dice.between(0...2) : -dice.between(0.1...0.9) * 60 / tempo
        group = isStructure ? "structure" : groove.group
        let what = ["drift", "ramp", "no drums at first", "breakdown", ""][kind]
        name = "\(number) \(groove.name)\(what.isEmpty ? "" : ", \(what)")"
        self.seed = dice.next()
    }

    private static func form(
        _ kind: Int, unit: Int, barSeconds: Double, group: String, _ dice: inout Dice
    ) -> [Section] {
        let all = Set(Layer.allCases).subtracting([.pad])
        let drums: Set<Layer> = [.kick, .backbeat, .hats]
        let isDance = group == "four_floor" || group == "broken"
        if kind == 2 {
            let bars = max(unit, Int((28 / barSeconds / Double(unit)).rounded()) * unit)
            return [
                Section(bars: bars, layers: [.pad, .lead]), Section(bars: unit, layers: [.kick, .hats, .bass]),
                Section(bars: 2 * unit, layers: all),
            ]
        }
        if kind == 3 || (isDance && dice.chance(0.5)) {
            return [
                Section(bars: unit, layers: [.kick, .hats]), Section(bars: unit, layers: all.subtracting([.lead])),
                Section(bars: unit, layers: [.chords, .pad, .lead]), Section(bars: 2 * unit, layers: all),
                Section(bars: unit / 2, layers: drums.union([.bass])),
            ]
        }
        if isDance {
            return [
                Section(bars: unit, layers: [.kick, .hats]), Section(bars: unit, layers: drums.union([.bass])),
                Section(bars: 2 * unit, layers: all), Section(bars: unit, layers: drums.union([.bass, .pad])),
            ]
        }
        return [
            Section(bars: unit / 2, layers: [.hats, .chords]),
            Section(bars: 2 * unit, layers: all.subtracting([.lead])),
            Section(bars: 2 * unit, layers: all), Section(bars: unit, layers: all.subtracting([.lead])),
        ]
    }
}
