import ForeverMix
import Foundation
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

    /// Sixteen bars of drums, twice sixteen in which only the chords differ, sixteen of drums.
    @Test func partsThatDifferInTheirChordsAreTwoAndLongPhrasesAreNamed() throws {
        let bar = 4 * 60.0 / 150
        var music = SynthesisedMusic(seconds: StructureTests.first + 64 * bar + 0.2)
        let verses: [[[Int]]] = [
            [[69, 72, 76], [65, 69, 72], [60, 64, 67], [67, 71, 74]],
            [[62, 65, 69], [64, 67, 71], [70, 74, 77], [69, 73, 76]],
        ]
        for at in 0..<64 {
            let start = StructureTests.first + Double(at) * bar
            if (16..<48).contains(at) {
                let notes = verses[at / 32][at % 4]
                music.chord(notes, start, length: bar - 0.02, gain: 0.1)
                music.chord([notes[0] - 36], start, length: bar - 0.02, gain: 0.15)
            }
            for beat in 0..<4 {
                let time = start + Double(beat) * bar / 4
                music.kick(time)
                if beat % 2 == 1 { music.snare(time) }
                music.hat(time + bar / 8)
            }
        }
        func place(_ seconds: Double) -> Int { Int(((seconds - StructureTests.first) / bar).rounded()) }
        let structure = try TrackAnalyzer().analyze(music.source).structure
        let starts = structure.sections.dropFirst().map { place($0.start) }
        #expect(starts == [16, 32, 48])
        #expect(structure.phraseLevels.map(\.bars) == [8, 16, 32])
        let levels = structure.phraseLevels.map { level in level.starts.map { place($0) } }
        #expect(levels == [[0, 8, 16, 24, 32, 40, 48, 56], [0, 16, 32, 48], [0, 32]])
        #expect(structure.phraseLevels[0].starts == structure.phrases)
        #expect(structure.phraseLevels[1].confidence > 0.7)
        #expect(structure.phraseLevels[2].confidence < structure.phraseLevels[1].confidence)
        let exits = Dictionary(structure.exits.map { (place($0.seconds), $0.score) }) { one, _ in one }
        if let eight = exits[40], let sixteen = exits[48] { #expect(sixteen > eight) }
        #expect(exits[48] != nil)
    }

    @Test func phrasesAreCountedThroughSectionsOfEight() {
        func starts(_ bars: Int, _ changes: [Double], lengths: [Int]? = nil) -> [Int] {
            let grid = PhraseGrid(changes: changes, lengths: lengths ?? changes.map { _ in 8 })
            return changes.indices.filter { grid.begins(bars, at: $0) }
        }
        // Eight, eight, sixteen, sixteen.
        #expect(starts(16, [1, 1, 1, 0, 1, 0]) == [0, 2, 4])
        #expect(starts(32, [1, 0, 0, 0, 1, 0, 0, 0, 1]) == [0, 4, 8])
        #expect(starts(8, [1, 0, 0]) == [0, 1, 2])
        // Eight bars before all that is even: it begins anew once.
        #expect(
            starts(16, [1, 1, 0, 1, 0, 1, 0, 1, 0]) == [1, 3, 5, 7]
                || starts(16, [1, 1, 0, 1, 0, 1, 0, 1, 0]) == [0, 1, 3, 5, 7])
        // A phrase of four bars shifts what follows.
        #expect(starts(16, [1, 0, 0, 1, 0, 1, 0], lengths: [8, 8, 4, 8, 8, 8, 8]) == [0, 2, 3, 5])
        let clear = PhraseGrid(changes: [1, 0, 1, 0, 1, 0, 1, 0], lengths: [Int](repeating: 8, count: 8))
        let vague = PhraseGrid(changes: [1, 1, 1, 1, 1, 1, 1, 1], lengths: [Int](repeating: 8, count: 8))
        #expect(clear.confidence(16) > 0.8 && vague.confidence(16) < 0.3)
        #expect(PhraseGrid(changes: [], lengths: []).places.isEmpty)
    }

    /// A progression that goes round is no change; another one is, though it has the same chords.
    @Test func harmonyIsHeldAgainstItsOwnTurn() {
        let chords = (0..<4).map { chord -> [Float] in
            var row = [Float](repeating: 0, count: 12)
            row[3 * chord] = 1
            return row
        }
        let rows = [[Double]](repeating: [0], count: 32)
        let steady = (0..<32).map { bar -> [Float] in chords[bar % 4] }
        let turned = (0..<32).map { bar -> [Float] in chords[bar < 16 ? bar % 4 : 3 - bar % 4] }
        #expect(SectionFinder().cuts(rows, harmony: steady) == [0])
        #expect(SectionFinder().cuts(rows, harmony: turned) == [0, 16])
    }

    @Test func whatEarlierVersionsKeptIsRead() throws {
        let old = Data(#"{"bars":[],"phrases":[1,2],"sections":[],"entries":[],"exits":[]}"#.utf8)
        #expect(try JSONDecoder().decode(TrackStructure.self, from: old) == TrackStructure(phrases: [1, 2]))
        let new = TrackStructure(phraseLevels: [.init(bars: 16, starts: [1], confidence: 0.5)])
        #expect(try JSONDecoder().decode(TrackStructure.self, from: JSONEncoder().encode(new)) == new)
    }
}
