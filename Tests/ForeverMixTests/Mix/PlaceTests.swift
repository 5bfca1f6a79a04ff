import Foundation
import ForeverMix
import Testing

/// What draws a transition to a place, one trait at a time.
@Suite struct PlaceTests {
    let planner = TransitionPlanner(settings: MixSettings())

    private func plan(_ from: SyntheticTrack, _ to: SyntheticTrack) -> TransitionPlan {
        planner.plan(from: from.analysis, to: to.analysis, notBefore: 0)
    }

    /// The bars of either track at which the overlap begins.
    private func bars(_ plan: TransitionPlan, _ from: SyntheticTrack, _ to: SyntheticTrack) throws -> (Int, Int) {
        func bar(_ track: SyntheticTrack, _ frame: Int64) -> Int? {
            track.analysis.downbeats.firstIndex { abs($0 - AudioFormat.seconds(frame)) < 0.001 }
        }
        return (try #require(bar(from, plan.outgoingFrame)), try #require(bar(to, plan.incomingFrame)))
    }

    @Test(arguments: [0, 3, 5]) func bothSidesBeginAPhrase(shift: Int) throws {
        let from = SyntheticTrack(bars: 72).structured(phraseBar: shift)
        let to = SyntheticTrack(bars: 72).structured(phraseBar: shift)
        let (out, into) = try bars(plan(from, to), from, to)
        #expect(out % 8 == shift && into % 8 == shift, "\(out) \(into)")
    }

    @Test func aLongerPhraseIsWorthEightBars() throws {
        let from = SyntheticTrack(bars: 72).structured()
        var to = SyntheticTrack(bars: 72).structured()
        #expect(try bars(plan(from, to), from, to).1 == 0)
        to.analysis.structure.phraseLevels = [16, 32].map {
            .init(bars: $0, starts: [to.analysis.downbeats[8]], confidence: 1)
        }
        #expect(try bars(plan(from, to), from, to).1 == 8)
        // Where it is not sure that a longer one begins, it is not worth them.
        for level in to.analysis.structure.phraseLevels.indices {
            to.analysis.structure.phraseLevels[level].confidence = 0.2
        }
        #expect(try bars(plan(from, to), from, to).1 == 0)
    }

    @Test func voicesAreNotSungOverWhereThatCanBeAvoided() throws {
        let from = SyntheticTrack(bars: 72).structured { if (56...).contains($0) { $1.voice = 1 } }
        let to = SyntheticTrack(bars: 72).structured { if $0 < 16 { $1.voice = 1 } }
        let plan = plan(from, to)
        let (out, into) = try bars(plan, from, to)
        let beats = (plan.beatFrames.count - 1) / 4
        let sung = (0..<beats).filter { out + $0 >= 56 && into + $0 < 16 }.count
        #expect(sung == 0, "\(out) \(into) \(plan.reason)")
        #expect(plan.style == .longBlend)
    }

    @Test func voicesOnBothSidesEverywhereShareOnlyTheHighs() throws {
        let from = SyntheticTrack(bars: 72).structured { $1.voice = 1 }
        let to = SyntheticTrack(bars: 72).structured { $1.voice = 1 }
        let plan = plan(from, to)
        #expect(plan.style == .drumBlend)
        #expect(plan.reason.contains("voices on both sides"))
    }

    @Test func bassesChangeHandsWhereTheIncomingOneSetsIn() throws {
        let from = SyntheticTrack(bars: 72).structured()
        let to = SyntheticTrack(bars: 72).structured { if $0 < 6 { $1.bass = 0 } }
        let plan = plan(from, to)
        let (_, into) = try bars(plan, from, to)
        #expect(into == 0)
        let bar = Int64(60 / from.tempo * 4 * 48_000)
        #expect(abs(plan.fadeOut.bassSwap!.endFrame - 6 * bar) < 48)
    }

    @Test func amongEqualPlacesTheOneWhereBothSoundAlike() throws {
        let from = SyntheticTrack(bars: 72).structured()
        var to = SyntheticTrack(bars: 72).structured()
        /// Bright beats in the first eight bars: the outgoing track has none.
        var bytes = [UInt8](repeating: 0, count: to.analysis.beats.count * BeatTimbre.size)
        for beat in 0..<32 { bytes[beat * BeatTimbre.size + 1] = 60 }
        to.analysis.timbre = BeatTimbre(packed: PackedBytes(bytes))
        to.analysis.structure.entries = [TrackStructure.CuePoint(seconds: to.analysis.downbeats[8], score: 0.5)]
        let (_, into) = try bars(plan(from, to), from, to)
        #expect(into == 8)
    }

    @Test func fadesDoNotPutVoicesOverVoices() throws {
        /// Bars of about two seconds.
        let from = SyntheticTrack(bars: 72, isTrusted: false).structured { if $0 >= 66 { $1.voice = 1 } }
        let to = SyntheticTrack(bars: 72, isTrusted: false).structured { $1.voice = 1 }
        let plan = plan(from, to)
        #expect(plan.style == .fade)
        let sings = from.analysis.downbeats[66]
        let threeQuarters = AudioFormat.seconds(plan.outgoingFrame + plan.overlapFrames * 3 / 4)
        #expect(threeQuarters <= sings + 0.5, "\(threeQuarters) \(sings)")
        let silent = SyntheticTrack(bars: 72, isTrusted: false).structured()
        let later = self.plan(silent, to)
        #expect(later.outgoingFrame > plan.outgoingFrame, "without voices it goes on to its end")
    }
}
