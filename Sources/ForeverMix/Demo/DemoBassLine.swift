/// Two bars of bass against whatever chord sounds.
struct DemoBassLine: Hashable, Sendable {
    struct Note: Hashable, Sendable {
        /// Sixteenth within two bars.
        var step: Int
        /// **Units:** sixteenths.
        var length: Int
        /// Semitones above the chord's root.
        var interval: Int
        var velocity: UInt8
    }

    var notes: [Note]

    init(genre: DemoGenre, drums: DemoDrumPattern, random: inout DemoRandom) {
        notes = []
        switch random.pick(genre.bassStyles) {
        case .offbeat: layOffbeat(&random)
        case .rolling: layRolling(&random)
        case .octaves: layOctaves(&random)
        case .syncopated: laySyncopated(isFourOnFloor: genre.groove == .fourOnFloor, drums: drums, &random)
        case .walking: layWalking(drums: drums, &random)
        case .sustained: laySustained(drums: drums, &random)
        }
        cutOverlaps()
    }

    private mutating func add(_ step: Int, _ length: Int, _ interval: Int, _ velocity: Int) {
        notes.append(Note(step: step, length: length, interval: interval, velocity: UInt8(velocity)))
    }

    /// Between the kicks.
    private mutating func layOffbeat(_ random: inout DemoRandom) {
        let octaveAt = random.integer(0...7)
        let pickup = random.pick([15, 31, 13, 29])
        for beat in 0..<8 {
            add(beat * 4 + 2, 2, beat == octaveAt ? 12 : 0, 92)
            if random.chance(0.3) { add(beat * 4 + 3, 1, random.pick([0, 12, 7]), 76) }
        }
        if !notes.contains(where: { $0.step == pickup }) { add(pickup, 1, random.pick([7, 12]), 84) }
    }

    /// Three sixteenths after each kick.
    private mutating func layRolling(_ random: inout DemoRandom) {
        let figure = (0..<3).map { _ in random.pick([0, 0, 0, 12, 7]) }
        let accent = random.integer(0...2)
        let turn = random.integer(0...7)
        for beat in 0..<8 {
            for place in 0..<3 {
                let interval = beat == turn && place == 2 ? random.pick([7, 12, -2 + 12]) : figure[place]
                add(beat * 4 + place + 1, 1, place == 0 ? 0 : interval, place == accent ? 106 : 84)
            }
        }
    }

    private mutating func layOctaves(_ random: inout DemoRandom) {
        let skip = random.integer(1...15)
        for eighth in 0..<16 where eighth != skip {
            let isOff = eighth % 2 == 1
            add(eighth * 2, isOff ? 1 : 2, isOff ? 12 : 0, isOff ? 72 : 104)
        }
        for _ in 0..<random.integer(1...3) {
            let step = random.pick([3, 7, 11, 15, 19, 23, 27, 31])
            add(step, 1, random.pick([7, 12, 10]), 78)
        }
    }

    private mutating func laySyncopated(isFourOnFloor: Bool, drums: DemoDrumPattern, _ random: inout DemoRandom) {
        let places = isFourOnFloor ? [0, 3, 6, 7, 10, 11, 14] : [0, 3, 6, 8, 10, 11, 14]
        var bar = [0]
        for place in places.dropFirst() where random.chance(0.5) { bar.append(place) }
        if bar.count < 3 { bar += [6, 10] }
        var second = bar
        second[second.count - 1] = random.pick([11, 13, 14, 15])
        for (index, step) in (bar + second.map { $0 + 16 }).enumerated() {
            // Against a straight kick the bass may wander; elsewhere it marks the bar by staying until its end.
            let isFree = isFourOnFloor || step % 16 > 12
            let interval = index == 0 ? 0 : random.pick(isFree ? [0, 0, 0, 7, 12, 12, 10] : [0, 0, 12])
            add(step, random.integer(1...3), interval, step % 16 == 0 ? 108 : random.integer(80...104))
        }
    }

    /// With the kick on root and octave; other notes lead from the end of a bar into the next.
    private mutating func layWalking(drums: DemoDrumPattern, _ random: inout DemoRandom) {
        for step in 0..<DemoDrumPattern.stepCount where drums[.kick, step] > 80 {
            add(step, random.integer(3...5), step % 16 == 0 ? 0 : random.pick([0, 0, 12]), 104)
        }
        for step in [6, 12, 22, 28] where random.chance(0.4) {
            add(step, 2, random.pick([0, 12]), random.integer(74...92))
        }
        for step in [14, 15, 30, 31] where random.chance(0.45) {
            add(step, 2, random.pick([7, 10, 5, 12]), random.integer(74...92))
        }
    }

    /// Long notes under everything.
    private mutating func laySustained(drums: DemoDrumPattern, _ random: inout DemoRandom) {
        add(0, random.integer(6...10), 0, 106)
        add(random.pick([10, 11, 12]), random.integer(2...4), random.pick([0, 0, 12]), 92)
        if random.chance(0.4) { add(random.pick([14, 15]), 2, random.pick([7, 10, 5]), 84) }
        add(16, random.integer(5...10), 0, 104)
        if random.chance(0.6) { add(random.pick([24, 26, 27]), 3, random.pick([0, 0, 12]), 90) }
        if random.chance(0.7) { add(random.pick([29, 30, 31]), 2, random.pick([7, 10, 12, 5]), 84) }
    }

    /// One voice: a note ends where the next begins; of two on one step the first stays.
    private mutating func cutOverlaps() {
        notes = notes.enumerated().sorted { ($0.element.step, $0.offset) < ($1.element.step, $1.offset) }.map(\.element)
        var result: [Note] = []
        for note in notes where result.last?.step != note.step { result.append(note) }
        for index in result.indices {
            let next = index + 1 < result.count ? result[index + 1].step : 32 + (result.first?.step ?? 0)
            result[index].length = min(result[index].length, next - result[index].step)
        }
        notes = result
    }
}
