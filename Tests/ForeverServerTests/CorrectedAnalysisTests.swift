import ForeverCore
import ForeverMix
import Testing
import forever_server

@Suite struct CorrectedAnalysisTests {
    private var found: TrackAnalysis {
        var analysis = Samples.analysis(tempo: 120, seconds: 60)
        analysis.confidence = .init(beats: 0.1, downbeats: 0.1, key: 0.1)
        analysis.trusted = .init(beats: false, downbeats: false, key: false)
        return analysis
    }

    @Test func nothingSaidChangesNothing() {
        #expect(found.corrected(by: Correction()) == found)
        var probe = found
        probe.analysisVersion = 0
        #expect(probe.corrected(by: Correction(key: "Am")) == probe)
    }

    @Test func aSteadyGridGoesThroughItsFirstBeat() throws {
        let right = found.corrected(by: Correction(tempo: 100, firstBeat: 3.1, beatsPerBar: 3))
        #expect(abs(try #require(right.tempo) - 100) < 1e-9)
        #expect(right.beats.contains { abs($0 - 3.1) < 1e-9 } && right.downbeats.contains { abs($0 - 3.1) < 1e-9 })
        #expect(right.beats.first! < 0.6 && right.beats.last! > 59.4)
        #expect(Set(right.downbeats).isSubset(of: right.beats))
        #expect(zip(right.downbeats.dropFirst(), right.downbeats).allSatisfy { abs($0 - $1 - 1.8) < 1e-9 })
        #expect(right.trusted.beats && right.trusted.downbeats && !right.trusted.key)
    }

    @Test func beatsByHandStandAsTheyAre() {
        let beats = [1, 1.6, 2.1, 2.7, 3.2, 99]
        let right = found.corrected(by: Correction(beats: beats, downbeats: [1, 3.2]))
        #expect(right.beats == [1, 1.6, 2.1, 2.7, 3.2] && right.downbeats == [1, 3.2])
        let without = found.corrected(by: Correction(beats: beats))
        #expect(without.trusted.beats && !without.trusted.downbeats)
    }

    @Test func theTempoMovesByOctaves() throws {
        let half = found.corrected(by: Correction(tempoOctave: -1))
        #expect(half.tempo == 60 && half.trusted.beats)
        #expect(half.beats.prefix(3) == [0, 1, 2] && half.downbeats.prefix(3) == [0, 4, 8])
        let double = found.corrected(by: Correction(tempoOctave: 1))
        #expect(double.tempo == 240 && double.beats.prefix(3) == [0, 0.25, 0.5])
        #expect(double.downbeats.prefix(3) == [0, 1, 2])
        #expect(Set(double.downbeats).isSubset(of: double.beats))
        // There and back is where it was, but for a last beat that has no neighbour.
        let back = double.corrected(by: Correction(tempoOctave: -1))
        #expect(back.beats == found.beats && back.downbeats == found.downbeats)
        // A tempo alone says which octave was meant.
        #expect(found.corrected(by: Correction(tempo: 61)).tempo == 60)
        #expect(found.corrected(by: Correction(tempo: 130)).tempo == 120)
    }

    @Test func aRangeMovesTheLevelAndTrustsNothingMore() throws {
        #expect(found.corrected(by: Correction(tempoRange: [100, 140])) == found, "inside already")
        #expect(found.corrected(by: Correction(tempoRange: [150, 200])) == found, "no octave of it lies inside")
        let double = found.corrected(by: Correction(tempoRange: [200, 260]))
        #expect(double.tempo == 240 && double.beats.prefix(3) == [0, 0.25, 0.5])
        #expect(!double.trusted.beats && double.confidence.beats == found.confidence.beats)
        let half = Samples.analysis(tempo: 120, seconds: 60).corrected(by: Correction(tempoRange: [45, 90]))
        #expect(half.tempo == 60 && half.trusted.beats)
        // What was said of the track itself goes before.
        let own = Correction(tempoOctave: 1).over(Correction(tempoRange: [45, 90]))
        #expect(found.corrected(by: own).tempo == 240)
    }

    @Test func aKeyByHandIsTrustedAndWhatIsNeverMixedIsNot() {
        let right = found.corrected(by: Correction(key: "8B"))
        #expect(right.key == MusicalKey(pitchClass: 0, mode: .major) && right.trusted.key)
        let plain = Samples.analysis().corrected(by: Correction(neverMix: true))
        #expect(!plain.trusted.beats && !plain.trusted.downbeats)
        let both = found.corrected(by: Correction(neverMix: true, tempo: 100, firstBeat: 0))
        #expect(!both.trusted.beats)
    }
}
