/// A drum kit's voices.
enum DemoDrum: Int, CaseIterable, Sendable {
    case kick, snare, clap, closedHat, openHat, shaker, lowPercussion, highPercussion, ride
}

/// Two bars of drums: for each voice 32 sixteenths of velocity, 0 (rest) ... 127.
struct DemoDrumPattern: Hashable, Sendable {
    static let stepCount = 32

    /// By `DemoDrum.rawValue`.
    private(set) var velocities = [[UInt8]](
        repeating: [UInt8](repeating: 0, count: stepCount), count: DemoDrum.allCases.count)

    subscript(drum: DemoDrum, step: Int) -> UInt8 {
        get { velocities[drum.rawValue][step] }
        set { velocities[drum.rawValue][step] = newValue }
    }

    /// A pattern of the genre's groove: its fixed strokes, with everything else drawn.
    init(genre: DemoGenre, random: inout DemoRandom) {
        switch genre.groove {
        case .fourOnFloor: layFourOnFloor(energy: genre.energy, random: &random)
        case .boomBap: layBoomBap(random: &random)
        case .broken: layBroken(fast: false, random: &random)
        case .fast: layBroken(fast: true, random: &random)
        case .halfTime: layHalfTime(random: &random)
        }
        layPercussion(energy: genre.energy, random: &random)
    }

    private mutating func put(_ drum: DemoDrum, _ steps: [Int], _ velocity: UInt8) {
        for step in steps { self[drum, step % DemoDrumPattern.stepCount] = velocity }
    }

    /// The same stroke in both bars.
    private mutating func putBoth(_ drum: DemoDrum, _ steps: [Int], _ velocity: UInt8) {
        put(drum, steps + steps.map { $0 + 16 }, velocity)
    }

    /// Sixteenths with an accent for each place in the beat, 0 for a rest.
    private mutating func putCycle(_ drum: DemoDrum, _ accents: [UInt8]) {
        for step in 0..<DemoDrumPattern.stepCount { self[drum, step] = accents[step % accents.count] }
    }

    private mutating func layFourOnFloor(energy: Double, random: inout DemoRandom) {
        putBoth(.kick, [0, 4, 8, 12], 127)
        if random.chance(0.35) { put(.kick, [random.pick([30, 23, 27, 14])], 70) }
        let backbeat: DemoDrum = random.chance(0.7) ? .clap : .snare
        putBoth(backbeat, [4, 12], 115)
        putBoth(backbeat == .clap ? .snare : .clap, random.chance(0.5) ? [4, 12] : [12], 74)
        if random.chance(0.4) { put(.snare, [random.pick([7, 9, 15, 23, 25, 31])], 38) }
        putBoth(.openHat, [2, 6, 10, 14], UInt8(random.integer(60...80)))
        let closed = random.pick(
            [
                [78, 40, 0, 46], [74, 0, 0, 40], [76, 36, 0, 36, 76, 36, 0, 52], [80, 30, 40, 30], [76, 34, 48, 30],
                [74, 0, 0, 44, 74, 36, 0, 0],
            ] as [[UInt8]])
        putCycle(.closedHat, closed)
        if energy > 0.6 || random.chance(0.5) {
            putCycle(.shaker, random.pick([[76, 30, 58, 34], [70, 26, 54, 40, 70, 34, 60, 26], [72, 36, 0, 40]]))
        }
        putBoth(.ride, random.chance(0.5) ? [2, 6, 10, 14] : [0, 4, 8, 12], 70)
    }

    private mutating func layBoomBap(random: inout DemoRandom) {
        putBoth(.kick, [0], 127)
        put(.kick, [random.pick([10, 7, 6]), 16 + random.pick([10, 7, 9])], 100)
        put(.kick, random.pick([[24], [24], [8, 24]]), 98)
        if random.chance(0.5) { put(.kick, [random.pick([15, 31, 13, 29])], 72) }
        putBoth(.snare, [4, 12], 118)
        if random.chance(0.5) { putBoth(.clap, [4, 12], 64) }
        for step in [7, 9, 15, 23, 25, 31] where random.chance(0.3) && self[.kick, step] == 0 {
            self[.snare, step] = UInt8(random.integer(24...40))
        }
        putBoth(.closedHat, [2, 6, 10, 14], UInt8(random.integer(46...58)))
        putBoth(.closedHat, [0, 4, 8, 12], 100)
        for step in [3, 5, 7, 11, 13, 15, 19, 21, 23, 27, 29, 31] where random.chance(0.25) {
            self[.closedHat, step] = UInt8(random.integer(28...46))
        }
        put(.openHat, [random.pick([14, 30, 22, 6])], 74)
        if random.chance(0.6) {
            putCycle(.shaker, random.pick([[66, 20, 36, 22], [60, 0, 30, 22], [64, 22, 0, 24]]))
        }
        putBoth(.ride, [0, 4, 8, 12], 60)
    }

    private mutating func layBroken(fast: Bool, random: inout DemoRandom) {
        putBoth(.kick, [0], 127)
        put(.kick, [10, 26], 118)
        if random.chance(0.5) { put(.kick, [random.pick([6, 22, 18, 3])], 92) }
        if !fast {
            put(.kick, [random.pick([7, 14, 30])], 84)
            put(.kick, [8, 24], 96)
        }
        putBoth(.snare, [4, 12], 120)
        if random.chance(0.4) { putBoth(.clap, [4, 12], 58) }
        for step in [7, 9, 15, 17, 23, 25, 31] where random.chance(0.45) && self[.kick, step] == 0 {
            self[.snare, step] = UInt8(random.integer(30...52))
        }
        let hats: [[UInt8]] = [
            [100, 0, 54, 0], [98, 30, 54, 30], [100, 0, 52, 36], [96, 0, 56, 0, 96, 34, 56, 0], [98, 36, 52, 0],
        ]
        putCycle(.closedHat, random.pick(hats))
        put(.openHat, [random.pick([6, 14, 22]), 30], 72)
        putCycle(.shaker, random.pick([[68, 26, 40, 30], [66, 0, 38, 24], [70, 30, 0, 30]]))
        putBoth(.ride, [0, 4, 8, 12], 74)
    }

    private mutating func layHalfTime(random: inout DemoRandom) {
        putBoth(.kick, [0], 127)
        put(.kick, [random.pick([6, 10, 11]), 16 + random.pick([3, 6, 10])], 104)
        if random.chance(0.5) { put(.kick, [random.pick([12, 14, 28, 30])], 92) }
        putBoth(.snare, [8], 122)
        putBoth(.clap, [8], 80)
        putBoth(.closedHat, [0, 4, 8, 12], 96)
        putBoth(.closedHat, [2, 6, 10, 14], 56)
        for step in [3, 7, 11, 13, 15, 19, 23, 27, 29, 31] where random.chance(0.3) {
            self[.closedHat, step] = UInt8(random.integer(28...44))
        }
        put(.openHat, [random.pick([14, 30, 22])], 66)
        putBoth(.lowPercussion, [4, 12], 60)
        putCycle(.shaker, [54, 0, 34, 24])
        putBoth(.ride, [0, 4, 8, 12], 66)
    }

    /// Two hand drums in Euclidean rhythms (Toussaint 2005), turned so that they leave the backbeat alone.
    private mutating func layPercussion(energy: Double, random: inout DemoRandom) {
        let high = DemoRhythm.euclidean(strokes: random.integer(3...7), steps: 16, turnedBy: random.integer(0...15))
        let low = DemoRhythm.euclidean(strokes: random.pick([3, 5, 7, 9]), steps: 32, turnedBy: random.integer(0...31))
        for step in 0..<DemoDrumPattern.stepCount {
            if high[step % 16], step % 8 != 4 { self[.highPercussion, step] = UInt8(random.integer(44...84)) }
            if low[step], step % 8 != 4, self[.lowPercussion, step] == 0 {
                self[.lowPercussion, step] = UInt8(random.integer(50...86))
            }
        }
    }
}
