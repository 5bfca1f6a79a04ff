/// The form of a track: sections of 4, 8 or 16 bars from a drum intro to a drum outro.
enum DemoArrangement {
    typealias Ramp = DemoSection.Ramp

    static func sections(genre: DemoGenre, random: inout DemoRandom) -> [DemoSection] {
        genre.isSlow ? song(genre: genre, random: &random) : club(genre: genre, random: &random)
    }

    private static func drums(_ level: Double, ride: Double = 0) -> [(DemoLayer, Ramp)] {
        [
            (.kick, Ramp(1)), (.snare, Ramp(level)), (.hats, Ramp(level)), (.shaker, Ramp(level)),
            (.percussion, Ramp(level * 0.9)), (.ride, Ramp(ride)),
        ]
    }

    /// Sixteen bars of drums, a groove, a breakdown, a drop; made to be mixed.
    private static func club(genre: DemoGenre, random: inout DemoRandom) -> [DemoSection] {
        let arpeggio = genre.energy > 0.6 || random.chance(0.4) ? 1.0 : 0
        let ride = random.chance(genre.energy) ? 0.7 : 0
        let leadFirst = random.chance(0.5)
        var sections: [DemoSection] = []

        var intro = DemoSection(
            bars: 8, shade: Ramp(0.1), [(.kick, Ramp(1)), (.hats, Ramp(0.55, 0.8)), (.shaker, Ramp(0.3, 0.8))])
        intro[genre.groove == .fourOnFloor ? .percussion : .snare] = Ramp(0.7, 0.9)
        sections.append(intro)
        var build = DemoSection(bars: 8, shade: Ramp(0, 0.25), drums(0.9))
        build[.pad] = Ramp(0, 0.3)
        sections.append(build)
        var groove = DemoSection(bars: random.pick([8, 16]), shade: Ramp(0.1, 0.5), drums(0.95))
        groove[.bass] = Ramp(1)
        groove[.keys] = Ramp(0.45, 0.8)
        groove[.pad] = Ramp(0.3, 0.4)
        groove.opensWithCrash = true
        sections.append(groove)
        var main = DemoSection(bars: 16, shade: Ramp(0.5, 0.8), drums(1))
        main[.bass] = Ramp(1)
        main[.keys] = Ramp(0.9, 1)
        main[.pad] = Ramp(0.5)
        main[.arpeggio] = Ramp(0.4 * arpeggio, 0.8 * arpeggio)
        main.opensWithCrash = true
        sections.append(main)

        sections += breakdown(arpeggio: arpeggio, leadFirst: leadFirst, random: &random)

        for half in 0..<2 {
            var drop = DemoSection(bars: 16, shade: Ramp(0.85, 1), drums(1, ride: half == 1 ? ride : ride * 0.7))
            drop[.bass] = Ramp(1)
            drop[.keys] = Ramp(1)
            drop[.pad] = Ramp(0.6)
            drop[.arpeggio] = Ramp(arpeggio * (half == 0 ? 0.9 : 0.7))
            drop[.lead] = Ramp((half == 0) == leadFirst ? 1 : 0)
            drop.answers = half == 1
            drop.opensWithCrash = true
            sections.append(drop)
        }
        var middle = DemoSection(bars: random.pick([8, 16]), shade: Ramp(0.6, 0.25), drums(0.9))
        middle[.bass] = Ramp(1)
        middle[.arpeggio] = Ramp(arpeggio * 0.7)
        middle[.pad] = Ramp(0.5, 0.7)
        middle[.keys] = Ramp(arpeggio > 0 ? 0 : 0.6)
        middle.riseBars = 4
        sections.append(middle)
        var last = DemoSection(bars: 16, shade: Ramp(1, 0.7), drums(1, ride: ride))
        last[.bass] = Ramp(1)
        last[.keys] = Ramp(1)
        last[.pad] = Ramp(0.6)
        last[.lead] = Ramp(leadFirst ? 0.8 : 0)
        last[.arpeggio] = Ramp(leadFirst ? 0 : arpeggio)
        last.opensWithCrash = true
        sections.append(last)

        var leaving = DemoSection(bars: 8, shade: Ramp(0.5, 0.1), drums(0.95))
        leaving[.bass] = Ramp(1)
        leaving[.keys] = Ramp(0.7, 0.2)
        leaving[.pad] = Ramp(0.4, 0.1)
        sections.append(leaving)
        sections.append(DemoSection(bars: 8, shade: Ramp(0.1), drums(0.9)))
        var outro = DemoSection(
            bars: 8, shade: Ramp(0), [(.kick, Ramp(1)), (.hats, Ramp(0.8, 0.5)), (.shaker, Ramp(0.8, 0.4))])
        outro[genre.groove == .fourOnFloor ? .percussion : .snare] = Ramp(0.8)
        outro.closesWithFill = false
        sections.append(outro)
        return sections
    }

    /// The drums rest, harmony opens up, and everything rises into the drop. Hats and shaker keep the beat audible.
    private static func breakdown(arpeggio: Double, leadFirst: Bool, random: inout DemoRandom) -> [DemoSection] {
        var rest = DemoSection(
            bars: random.pick([8, 16]), shade: Ramp(0.25, 0.7),
            [(.pad, Ramp(0.9, 1)), (.hats, Ramp(0.35, 0.5)), (.shaker, Ramp(0.5, 0.7)), (.percussion, Ramp(0.4, 0.6))])
        rest[.keys] = Ramp(0.4, 0.7)
        rest[.lead] = Ramp(leadFirst ? 0 : 0.7)
        rest[.arpeggio] = Ramp(leadFirst ? arpeggio * 0.8 : 0)
        rest.answers = true
        rest.opensWithCrash = true
        rest.closesWithFill = false
        var rise = DemoSection(
            bars: 8, shade: Ramp(0.5, 1),
            [(.pad, Ramp(1)), (.hats, Ramp(0.5, 0.8)), (.shaker, Ramp(0.7, 0.9)), (.percussion, Ramp(0.5, 0.7))])
        rise[.keys] = Ramp(0.7, 1)
        rise[.arpeggio] = Ramp(arpeggio * 0.5, arpeggio)
        rise[.lead] = Ramp(leadFirst ? 0.8 : 0.6)
        rise.riseBars = 8
        return [rest, rise]
    }

    /// Verse, chorus, breath: for what is slower than house.
    private static func song(genre: DemoGenre, random: inout DemoRandom) -> [DemoSection] {
        let arpeggio = random.chance(0.6) ? 1.0 : 0
        var sections: [DemoSection] = []
        var intro = DemoSection(
            bars: 4, shade: Ramp(0.1), [(.kick, Ramp(1)), (.hats, Ramp(0.6, 0.8)), (.percussion, Ramp(0.5))])
        intro[.snare] = Ramp(genre.groove == .fourOnFloor ? 0 : 0.7)
        sections.append(intro)
        var pickup = DemoSection(bars: 4, shade: Ramp(0, 0.2), drums(0.9))
        pickup[.pad] = Ramp(0, 0.35)
        sections.append(pickup)

        func verse(bars: Int, shade: Ramp, level: Double) -> DemoSection {
            var section = DemoSection(bars: bars, shade: shade, drums(0.9))
            section[.bass] = Ramp(1)
            section[.keys] = Ramp(level, 1)
            section[.pad] = Ramp(0.35)
            section.opensWithCrash = true
            return section
        }
        func chorus(bars: Int, lead: Double, answers: Bool) -> DemoSection {
            var section = DemoSection(bars: bars, shade: Ramp(0.75, 1), drums(1, ride: 0.5))
            section[.bass] = Ramp(1)
            section[.keys] = Ramp(0.9)
            section[.pad] = Ramp(0.75)
            section[.arpeggio] = Ramp(arpeggio * 0.7)
            section[.lead] = Ramp(lead)
            section.answers = answers
            section.opensWithCrash = true
            return section
        }
        sections.append(verse(bars: random.pick([8, 16]), shade: Ramp(0.2, 0.6), level: 0.7))
        sections.append(chorus(bars: 8, lead: 0.9, answers: false))
        if random.chance(0.6) { sections.append(chorus(bars: 8, lead: 0, answers: true)) }
        var second = verse(bars: 8, shade: Ramp(0.5, 0.3), level: 0.8)
        second[.arpeggio] = Ramp(arpeggio * 0.5)
        sections.append(second)
        var breath = DemoSection(
            bars: 8, shade: Ramp(0.3, 0.8),
            [
                (.pad, Ramp(0.9, 1)), (.keys, Ramp(0.6, 0.8)), (.hats, Ramp(0.5, 0.6)), (.shaker, Ramp(0.6)),
                (.percussion, Ramp(0.5)),
            ])
        breath[.lead] = Ramp(0.6)
        breath[.bass] = Ramp(random.chance(0.5) ? 0.7 : 0)
        breath.answers = true
        breath.riseBars = 4
        sections.append(breath)
        sections.append(chorus(bars: 8, lead: 1, answers: false))
        sections.append(chorus(bars: 8, lead: random.chance(0.5) ? 0.8 : 0, answers: true))
        sections.append(verse(bars: random.pick([8, 16]), shade: Ramp(0.6, 0.3), level: 0.8))
        var leaving = DemoSection(bars: 4, shade: Ramp(0.2, 0), drums(0.9))
        leaving[.bass] = Ramp(0.9)
        leaving[.keys] = Ramp(0.5, 0.2)
        sections.append(leaving)
        var outro = DemoSection(bars: 8, shade: Ramp(0), drums(0.8))
        outro[.hats] = Ramp(0.8, 0.5)
        outro.closesWithFill = false
        sections.append(outro)
        return sections
    }
}
