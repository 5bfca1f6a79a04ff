extension DemoPerformer {
    /// The drums of one section, with its fill, its rise and its crash.
    mutating func playDrums(_ section: DemoSection, firstBar: Int) {
        let lastBar = firstBar + section.bars - 1
        for bar in firstBar...lastBar {
            for step in 0..<16 {
                let part = (Double(bar - firstBar) + Double(step) / 16) / Double(section.bars)
                let isFill = section.closesWithFill && bar == lastBar && step >= 12
                playStep(section, bar: bar, step: step, part: part, isFill: isFill)
            }
            if section.closesWithFill && (bar == lastBar || (bar - firstBar) % 8 == 7) && section.has(.snare) {
                playFill(bar: bar, level: section[.snare].to)
            }
        }
        if section.opensWithCrash {
            play(
                .crash, at: score.frame(step: firstBar * 16),
                Placing(gain: 0.14, pan: -0.15, rightDelay: 410, isDucked: false))
        }
        if section.riseBars > 0 { playRise(untilBar: firstBar + section.bars, bars: section.riseBars) }
    }

    private mutating func playStep(_ section: DemoSection, bar: Int, step: Int, part: Double, isFill: Bool) {
        let place = bar % 2 * 16 + step
        let frame = score.frame(step: bar * 16 + step)
        func level(_ drum: DemoDrum, _ layer: DemoLayer) -> Double {
            let velocity = Double(score.drums[drum, place]) / 127
            return velocity * velocity.squareRoot() * section[layer].value(at: part)
        }
        let kick = level(.kick, .kick)
        if kick > 0 {
            play(.kick, at: frame, Placing(gain: 0.51 * kick, isDucked: false))
            kicks.append(Int32(frame))
        }
        let isOnBeat = step % 4 == 0
        let late = isOnBeat ? 0 : lateness()
        if !isFill || isOnBeat {
            let snare = level(.snare, .snare)
            play(.snare, at: frame + late, Placing(gain: 0.42 * snare, isDucked: false))
            if snare > 0.3 {
                play(.snareRoom, at: frame + late, Placing(gain: 0.14 * snare, rightDelay: 620, isDucked: false))
            }
            let clap = level(.clap, .snare)
            play(.clap, at: frame, Placing(gain: 0.38 * clap, rightDelay: 120, isDucked: false))
            if clap > 0.6 && score.genre.groove == .fourOnFloor {
                play(.snareRoom, at: frame, Placing(gain: 0.05 * clap, rightDelay: 620, isDucked: false))
            }
        }
        let human = 0.9 + 0.2 * random.unit()
        let closed: DemoVoice = random.chance(0.35) ? .closedHatSoft : .closedHat
        play(
            closed, at: frame + late, Placing(gain: 0.23 * level(.closedHat, .hats) * human, pan: 0.3, isDucked: false))
        play(
            .openHat, at: frame,
            Placing(gain: 0.16 * level(.openHat, .hats) * human, pan: -0.15, rightDelay: 30, isDucked: false))
        play(
            .shaker, at: frame + late,
            Placing(gain: 0.18 * level(.shaker, .shaker) * human, pan: -0.35, isDucked: false))
        play(.ride, at: frame, Placing(gain: 0.14 * level(.ride, .ride) * human, pan: -0.2, isDucked: false))
        play(
            .lowPercussion, at: frame + late,
            Placing(gain: 0.19 * level(.lowPercussion, .percussion) * human, pan: -0.5))
        play(
            .highPercussion, at: frame + late,
            Placing(gain: 0.15 * level(.highPercussion, .percussion) * human, pan: 0.5))
    }

    /// A hand's inexactness between the beats; machines' genres have less. **Units:** frames.
    private mutating func lateness() -> Int {
        random.integer(0...(score.genre.groove == .boomBap ? 240 : 70))
    }

    /// The last beat of a phrase.
    private mutating func playFill(bar: Int, level: Double) {
        let kind = random.integer(0...3)
        for step in 12..<16 {
            let frame = score.frame(step: bar * 16 + step)
            let rise = Double(step - 11) / 4
            switch kind {
            case 0: play(.snare, at: frame, Placing(gain: 0.22 * rise * level, isDucked: false))
            case 1:
                play(
                    step % 2 == 0 ? .highPercussion : .lowPercussion, at: frame,
                    Placing(gain: 0.2 * level, pan: step < 14 ? 0.4 : -0.4))
            case 2 where step >= 14:
                play(.clap, at: frame, Placing(gain: 0.2 * rise * level, rightDelay: 160, isDucked: false))
            case 3: play(.closedHat, at: frame, Placing(gain: 0.1 * rise * level, pan: -0.3, isDucked: false))
            default: break
            }
        }
    }

    /// Noise that opens and a snare that doubles its pace towards `untilBar`.
    private mutating func playRise(untilBar: Int, bars: Int) {
        let start = (untilBar - bars) * 16
        let steps = bars * 16
        for step in 0..<steps {
            let part = Double(step) / Double(steps)
            let pace = part < 0.5 ? 4 : (part < 0.75 ? 2 : 1)
            guard step % pace == 0, steps - step > 2 else { continue }
            let gain = (0.03 + 0.15 * part * part) * (step % 4 == 0 ? 1 : 0.75)
            play(.snare, at: score.frame(step: start + step), Placing(gain: gain, isDucked: false))
        }
        let from = Int32(score.frame(step: start))
        let to = Int32(score.frame(step: untilBar * 16))
        let low = Int32(bank.index(of: .noiseLow))
        let high = Int32(bank.index(of: .noiseHigh))
        beds.append(
            DemoBed(
                start: from, end: to, attack: 4800, release: 960, dark: low, bright: high, levelFrom: 0.005,
                levelTo: 0.12, shadeFrom: 0, shadeTo: 0.9, width: 0.7, isDucked: false))
    }
}
