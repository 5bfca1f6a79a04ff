/// How a track's instruments sound: every figure a drawing within what the genre wears.
struct DemoSound: Sendable {
    /// Kick: where its pitch starts and how fast it falls. **Units:** Hz, s.
    var kickStart: Double
    var kickFall: Double
    var kickDecay: Double
    var kickClick: Double
    /// Snare body. **Units:** Hz, s.
    var snarePitch: Double
    var snareDecay: Double
    var hatDecay: Double
    var percussion: DemoPercussion
    var percussionPitch: Double
    var keys: DemoGenre.KeyVoice
    var lead: DemoGenre.LeadVoice
    /// Where bass, chord and pad filters stand open. **Units:** Hz.
    var bassCutoff: Double
    var keyCutoff: Double
    var padCutoff: Double
    /// 0 sine ... 1 saw.
    var bassEdge: Double
    /// Beats between an echo's taps.
    var echoBeats: Double
    /// 0 ... 1.
    var echoLevel: Double
    /// Gain into the soft ceiling. **Units:** dB.
    var driveDecibels: Double

    init(genre: DemoGenre, random: inout DemoRandom) {
        let energy = genre.energy
        let isSoft = genre.groove == .boomBap
        kickStart = random.between(isSoft ? 130 : 170, isSoft ? 190 : 260)
        kickFall = random.between(0.018, 0.032)
        kickDecay = random.between(isSoft ? 0.13 : 0.16, isSoft ? 0.2 : 0.24) * (genre.groove == .fast ? 0.75 : 1)
        kickClick = random.between(0.16, 0.28) + energy * 0.2
        snarePitch = random.between(170, 225)
        snareDecay = random.between(0.08, 0.14)
        hatDecay = random.between(0.022, 0.042)
        percussion = random.pick(DemoPercussion.allCases)
        percussionPitch = random.between(0.85, 1.2)
        keys = random.pick(genre.keyVoices)
        lead = random.pick(genre.leadVoices)
        bassCutoff = random.between(350, 600) + energy * 500
        keyCutoff = random.between(1500, 2300) + energy * 1800
        padCutoff = random.between(2000, 2900) + energy * 2200
        bassEdge = random.between(0.2, 0.5) + energy * 0.35
        echoBeats = random.pick([0.75, 0.75, 1.0, 1.5, 0.5])
        echoLevel = random.between(0.32, 0.5)
        driveDecibels = random.between(genre.driveDecibels.lowerBound, genre.driveDecibels.upperBound)
    }
}

/// A family of hand percussion.
enum DemoPercussion: CaseIterable, Sendable { case conga, wood, bell, tom }
