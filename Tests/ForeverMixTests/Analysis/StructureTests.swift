import ForeverMix
import Testing

struct StructureTests {
    /// Eight bars of drums, eight with bass and chords, eight of chords alone, sixteen of everything, eight of drums.
    private static let parts: [(bars: Int, drums: Bool, bass: Bool, chords: Bool)] = [
        (8, true, false, false), (8, true, true, true), (8, false, false, true), (16, true, true, true),
        (8, true, false, false),
    ]
    private static let bar = 4 * 60.0 / 126
    private static let first = 0.3

    private static func track() -> SynthesisedMusic {
        var music = SynthesisedMusic(seconds: first + 48 * bar + 0.2)
        let chords = [[69, 72, 76], [65, 69, 72], [60, 64, 67], [67, 71, 74]]
        var at = 0
        for part in parts {
            for _ in 0..<part.bars {
                let start = first + Double(at) * bar
                let notes = chords[at % 4]
                if part.chords { music.chord(notes, start, length: bar - 0.02) }
                for beat in 0..<4 {
                    let time = start + Double(beat) * bar / 4
                    if part.drums {
                        music.kick(time)
                        if beat % 2 == 1 { music.snare(time) }
                        music.hat(time + bar / 8)
                    }
                    if part.bass { music.chord([notes[0] - 36], time, length: bar / 4 - 0.02, gain: 0.2) }
                }
                at += 1
            }
        }
        return music
    }

    @Test func sectionsPhrasesAndWhatSounds() throws {
        let analysis = try TrackAnalyzer().analyze(StructureTests.track().source)
        let bar = StructureTests.bar
        let structure = analysis.structure
        #expect(structure.bars.count == 48)
        let cuts = [0.0, 8, 16, 24, 40].map { StructureTests.first + $0 * bar }
        #expect(structure.sections.count == cuts.count)
        #expect(zip(structure.sections.dropFirst(), cuts.dropFirst()).allSatisfy { abs($0.start - $1) < 0.05 })
        #expect(structure.sections.map(\.kind) == [.intro, .main, .breakdown, .main, .outro])
        #expect(structure.sections[0].start == analysis.soundStart)
        #expect(structure.sections.last?.end == analysis.soundEnd)
        #expect(zip(structure.sections, structure.sections.dropFirst()).allSatisfy { $0.end == $1.start })
        #expect(distances(cuts + [cuts[3] + 8 * bar], structure.phrases).allSatisfy { abs($0) < 0.05 })
        #expect(structure.phrases.count == 6)
        for (at, found) in structure.bars.enumerated() where at % 8 > 0 && at % 8 < 7 {
            let part = [0, 1, 2, 3, 3, 4].map { StructureTests.parts[$0] }[at / 8]
            #expect(part.drums ? found.drums > 0.8 : found.drums < 0.3, "drums of bar \(at)")
            #expect(part.bass ? found.bass > 0.7 : found.bass < 0.4, "bass of bar \(at)")
        }
        #expect(analysis.confidence.phrases > 0.7 && analysis.trusted.phrases)
        let energies = structure.sections.map(\.energy)
        #expect(energies[3] > energies[0] && energies[0] > energies[2])
    }

    @Test func cuePointsArePhrasesNearTheEndsWithDrums() throws {
        let analysis = try TrackAnalyzer().analyze(StructureTests.track().source)
        let structure = analysis.structure
        let entry = try #require(structure.entries.first)
        let exit = try #require(structure.exits.first)
        #expect(abs(entry.seconds - StructureTests.first) < 0.05)
        #expect(abs(exit.seconds - (StructureTests.first + 40 * StructureTests.bar)) < 0.05)
        for cues in [structure.entries, structure.exits] {
            #expect(cues.allSatisfy { structure.phrases.contains($0.seconds) && (0...1).contains($0.score) })
            #expect(cues.map(\.score) == cues.map(\.score).sorted(by: >))
        }
    }

    @Test func aTrackWithoutBeatsHasSectionsButNoPhrases() throws {
        var music = SynthesisedMusic(seconds: 60)
        music.sine(220, gain: 0.02, until: 30)
        music.sine(220, gain: 0.4, from: 30)
        let structure = try TrackAnalyzer().analyze(music.source).structure
        #expect(structure.phrases.isEmpty && structure.entries.isEmpty && structure.exits.isEmpty)
        #expect(structure.sections.count == 2)
        #expect(abs((structure.sections.last?.start ?? 0) - 30) <= 2)
    }

    @Test func silenceHasNoStructure() throws {
        #expect(try TrackAnalyzer().analyze(SynthesisedMusic(seconds: 20).source).structure == TrackStructure())
    }

    /// Steps in one feature, none of them seen by the others.
    @Test func cutsAreWhereRowsChange() {
        func rows(_ lengths: [Int]) -> [[Double]] {
            lengths.enumerated().flatMap { at, length in
                (0..<length).map { [Double(at % 2) * 4, 0.2 * Double($0 % 2)] }
            }
        }
        #expect(SectionFinder().cuts(rows([8, 16, 8])) == [0, 8, 24])
        #expect(SectionFinder().cuts(rows([5, 16, 12, 3])) == [0, 5, 21, 33])
        #expect(SectionFinder().cuts(rows([40])) == [0])
        #expect(SectionFinder().cuts(rows([1])) == [0])
        #expect(SectionFinder().cuts([]).isEmpty)
    }
}
