/// What one genre of the demo crate may draw from: tempo, groove, sounds, form and level.
struct DemoGenre: Sendable {
    /// How the drums are laid out.
    enum Groove: Sendable { case fourOnFloor, boomBap, broken, halfTime, fast }

    /// How the bass moves against the kick.
    enum BassStyle: Sendable { case offbeat, rolling, octaves, syncopated, walking, sustained }

    /// What plays the chords' rhythm.
    enum KeyVoice: Sendable { case electricPiano, organ, stab, pluck }

    /// What plays the melody.
    enum LeadVoice: Sendable { case bell, flute, saw, square }

    /// Which tones of a chord are voiced.
    enum Colour: Sendable { case triad, seventh, ninth }

    var name: String
    var groove: Groove
    /// Where the second sixteenth of a pair falls; .5 is straight, .66 a triplet.
    var swing: ClosedRange<Double>
    var bassStyles: [BassStyle]
    var keyVoices: [KeyVoice]
    var leadVoices: [LeadVoice]
    var colours: [Colour]
    /// How far the kick pushes the rest down, 0 ... 1.
    var duckDepth: Double
    /// Bars a chord lasts.
    var barsPerChord: [Int]
    /// Slow genres count their form in shorter sections.
    var isSlow: Bool
    /// Gain into the soft ceiling. **Units:** dB.
    var driveDecibels: ClosedRange<Double>
    /// 0 calm ... 1 driving: how many layers play at once and how bright they are.
    var energy: Double
    /// Surface noise of an old record under the music.
    var hasCrackle: Bool = false
}

extension DemoGenre {
    static let downtempo = DemoGenre(
        name: "Downtempo", groove: .boomBap, swing: 0.52...0.56, bassStyles: [.sustained, .walking],
        keyVoices: [.electricPiano], leadVoices: [.flute, .bell], colours: [.ninth, .seventh], duckDepth: 0.25,
        barsPerChord: [1, 2], isSlow: true, driveDecibels: -6 ... -3, energy: 0.3, hasCrackle: true)
    static let tripHop = DemoGenre(
        name: "Trip hop", groove: .boomBap, swing: 0.53...0.57, bassStyles: [.walking, .sustained],
        keyVoices: [.electricPiano, .organ], leadVoices: [.bell, .square], colours: [.seventh, .ninth],
        duckDepth: 0.25, barsPerChord: [1, 2], isSlow: true, driveDecibels: -4 ... -1, energy: 0.35, hasCrackle: true)
    static let hipHop = DemoGenre(
        name: "Hip-hop", groove: .boomBap, swing: 0.55...0.6, bassStyles: [.walking, .syncopated],
        keyVoices: [.electricPiano, .organ], leadVoices: [.bell, .flute], colours: [.ninth, .seventh],
        duckDepth: 0.3, barsPerChord: [1], isSlow: true, driveDecibels: -2...2, energy: 0.45)
    static let electroSoul = DemoGenre(
        name: "Electro soul", groove: .boomBap, swing: 0.54...0.58, bassStyles: [.syncopated, .walking],
        keyVoices: [.electricPiano, .pluck], leadVoices: [.square, .flute], colours: [.ninth], duckDepth: 0.35,
        barsPerChord: [1, 2], isSlow: true, driveDecibels: -2...2, energy: 0.5)
    static let balearic = DemoGenre(
        name: "Balearic", groove: .fourOnFloor, swing: 0.5...0.53, bassStyles: [.octaves, .syncopated],
        keyVoices: [.electricPiano, .pluck], leadVoices: [.flute, .bell], colours: [.ninth, .seventh],
        duckDepth: 0.35, barsPerChord: [1, 2], isSlow: true, driveDecibels: -5 ... -2, energy: 0.45)
    static let nuDisco = DemoGenre(
        name: "Nu disco", groove: .fourOnFloor, swing: 0.5...0.53, bassStyles: [.octaves],
        keyVoices: [.stab, .electricPiano], leadVoices: [.saw, .flute], colours: [.seventh, .ninth], duckDepth: 0.45,
        barsPerChord: [1], isSlow: true, driveDecibels: -2...1, energy: 0.6)
    static let deepHouse = DemoGenre(
        name: "Deep house", groove: .fourOnFloor, swing: 0.53...0.57, bassStyles: [.syncopated],
        keyVoices: [.stab, .electricPiano, .organ], leadVoices: [.flute, .bell], colours: [.ninth, .seventh],
        duckDepth: 0.5, barsPerChord: [1, 2], isSlow: false, driveDecibels: -3...0, energy: 0.5)
    static let progressive = DemoGenre(
        name: "Progressive house", groove: .fourOnFloor, swing: 0.5...0.51, bassStyles: [.offbeat, .rolling],
        keyVoices: [.pluck], leadVoices: [.saw, .bell], colours: [.triad, .seventh], duckDepth: 0.6,
        barsPerChord: [1], isSlow: false, driveDecibels: -2...1, energy: 0.65)
    static let house = DemoGenre(
        name: "House", groove: .fourOnFloor, swing: 0.52...0.56, bassStyles: [.syncopated, .octaves],
        keyVoices: [.organ, .stab], leadVoices: [.square, .bell], colours: [.seventh, .ninth], duckDepth: 0.5,
        barsPerChord: [1, 2], isSlow: false, driveDecibels: 0...3, energy: 0.65)
    static let techHouse = DemoGenre(
        name: "Tech house", groove: .fourOnFloor, swing: 0.52...0.55, bassStyles: [.syncopated, .rolling],
        keyVoices: [.stab], leadVoices: [.square], colours: [.seventh], duckDepth: 0.55, barsPerChord: [1],
        isSlow: false, driveDecibels: 0...3, energy: 0.7)
    static let techno = DemoGenre(
        name: "Techno", groove: .fourOnFloor, swing: 0.5...0.52, bassStyles: [.rolling, .offbeat],
        keyVoices: [.stab, .pluck], leadVoices: [.bell, .square], colours: [.seventh, .triad], duckDepth: 0.65,
        barsPerChord: [1], isSlow: false, driveDecibels: 0...3, energy: 0.75)
    static let breaks = DemoGenre(
        name: "Breaks", groove: .broken, swing: 0.5...0.54, bassStyles: [.syncopated, .walking],
        keyVoices: [.stab, .organ], leadVoices: [.square, .saw], colours: [.seventh], duckDepth: 0.4,
        barsPerChord: [1, 2], isSlow: false, driveDecibels: 1...4, energy: 0.75)
    static let trance = DemoGenre(
        name: "Trance", groove: .fourOnFloor, swing: 0.5...0.5, bassStyles: [.rolling, .offbeat],
        keyVoices: [.pluck], leadVoices: [.saw, .bell], colours: [.triad], duckDepth: 0.65, barsPerChord: [1],
        isSlow: false, driveDecibels: 0.5...3.5, energy: 0.85)
    static let dubstep = DemoGenre(
        name: "Dubstep", groove: .halfTime, swing: 0.5...0.54, bassStyles: [.sustained, .syncopated],
        keyVoices: [.organ, .stab], leadVoices: [.bell, .square], colours: [.seventh], duckDepth: 0.45,
        barsPerChord: [1], isSlow: false, driveDecibels: 1...4, energy: 0.6)
    static let liquid = DemoGenre(
        name: "Liquid drum & bass", groove: .fast, swing: 0.5...0.52, bassStyles: [.sustained],
        keyVoices: [.electricPiano], leadVoices: [.flute, .bell], colours: [.ninth, .seventh], duckDepth: 0.4,
        barsPerChord: [1], isSlow: false, driveDecibels: -1...2, energy: 0.7)
    static let drumAndBass = DemoGenre(
        name: "Drum & bass", groove: .fast, swing: 0.5...0.52, bassStyles: [.syncopated, .sustained],
        keyVoices: [.stab, .pluck], leadVoices: [.square, .saw], colours: [.seventh, .triad], duckDepth: 0.45,
        barsPerChord: [1], isSlow: false, driveDecibels: 1.5...4.5, energy: 0.9)
}
