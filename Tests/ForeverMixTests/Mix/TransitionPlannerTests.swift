import Foundation
import ForeverMix
import Testing

@Suite struct TransitionPlannerTests {
    let planner = TransitionPlanner(settings: MixSettings())

    struct Case: Sendable, CustomStringConvertible {
        let name: String
        let from: SyntheticTrack
        let to: SyntheticTrack
        let kind: TransitionKind
        var style: TransitionStyle?
        var description: String { name }
    }

    static let cases = [
        Case(name: "same tempo", from: .init(), to: .init(), kind: .beatMatched, style: .longBlend),
        Case(name: "6 % apart", from: .init(tempo: 120), to: .init(tempo: 127), kind: .beatMatched),
        Case(name: "11 % apart", from: .init(tempo: 120), to: .init(tempo: 133), kind: .beatMatched),
        Case(name: "13 % apart", from: .ragged, to: .init(tempo: 136), kind: .fade, style: .echoOut),
        Case(name: "half", from: .init(tempo: 172, bars: 80), to: .init(tempo: 87), kind: .beatMatched),
        Case(name: "double", from: .init(tempo: 87), to: .init(tempo: 172, bars: 80), kind: .beatMatched),
        Case(name: "no trust out", from: .init(isTrusted: false), to: .init(), kind: .fade, style: .fade),
        Case(name: "no trust in", from: .init(), to: .init(isTrusted: false), kind: .fade, style: .fade),
        Case(name: "no downbeats", from: .init(hasDownbeats: false), to: .init(), kind: .fade),
        Case(
            name: "three and four", from: .init(bars: 60, beatsPerBar: 3), to: .init(), kind: .fade, style: .cut),
        Case(name: "dies away", from: .dying, to: .init(tempo: 150), kind: .fade, style: .fade),
        Case(name: "comes up slowly", from: .init(tempo: 120), to: .rising, kind: .fade, style: .filterOut),
        Case(name: "ends and begins on a bar", from: .abrupt, to: .abruptFaster, kind: .fade, style: .cut),
        Case(name: "clashing keys", from: .cMajor, to: .fSharpMajor, kind: .beatMatched, style: .drumBlend),
        Case(name: "short", from: .init(bars: 24), to: .init(bars: 24), kind: .beatMatched, style: .shortBlend),
        Case(name: "too short", from: .init(bars: 6), to: .init(), kind: .fade),
    ]

    @Test(arguments: cases) func kinds(_ one: Case) {
        let plan = planner.plan(from: one.from.analysis, to: one.to.analysis, notBefore: 0)
        #expect(plan.kind == one.kind, "\(plan.reason)")
        if let style = one.style { #expect(plan.style == style, "\(plan.reason)") }
        let outlook = planner.outlook(
            from: TransitionProfile(one.from.analysis), to: TransitionProfile(one.to.analysis))
        #expect(outlook.kind == one.kind)
        #expect(outlook.style == plan.style, "what is foreseen is what comes")
        #expect(one.kind == .fade ? outlook.cost >= 0.8 : outlook.cost <= 0.7)
        #expect((0...1).contains(plan.cost))
    }

    @Test func countingDoubleIsLikedLessThanTheSameTempo() {
        func cost(_ from: Double, _ to: Double) -> Double {
            let tracks = [SyntheticTrack(tempo: from, bars: 80), SyntheticTrack(tempo: to, bars: 80)]
            let profiles = tracks.map { TransitionProfile($0.analysis) }
            return planner.outlook(from: profiles[0], to: profiles[1]).cost
        }
        #expect(cost(172, 86) > cost(86, 86) + 0.1)
        #expect(cost(86, 172) > cost(172, 172) + 0.1)
        #expect(cost(172, 86) < cost(172, 120) - 0.1, "but more than no common beat")
    }

    @Test func anOverlapIsWholeBarsInsideTheSoundOnAPhrase() {
        let from = SyntheticTrack(tempo: 124, bars: 72)
        let to = SyntheticTrack(tempo: 126, bars: 72)
        let plan = planner.plan(from: from.analysis, to: to.analysis, notBefore: 0)
        let start = AudioFormat.seconds(plan.outgoingFrame)
        let bar = from.analysis.downbeats.firstIndex { abs($0 - start) < 0.001 }
        #expect(bar == 56, "the last sixteen bars, on a phrase")
        #expect(AudioFormat.seconds(plan.incomingFrame) == 0.31)
        let last = try! #require(plan.outgoingMap.last)
        #expect(last.outputFrame == plan.overlapFrames)
        #expect(last.sourceFrame <= from.analysis.soundEnd * 48_000 + 1)
        #expect(plan.titleFrame > 0 && plan.titleFrame < plan.overlapFrames)
    }

    @Test func everyStyleHasItsPair() {
        #expect(Set(TransitionPlannerTests.cases.compactMap(\.style)) == Set(TransitionStyle.allCases))
    }

    @Test(arguments: cases) func bassesAreNeverBothOnForMoreThanABar(_ one: Case) throws {
        let plan = planner.plan(from: one.from.analysis, to: one.to.analysis, notBefore: 0)
        func power(_ fade: Fade, _ direction: FadeCurve.Direction, _ frame: Int64) -> Float {
            let span = fade.bassSwap ?? Fade.Span(startFrame: fade.startFrame, endFrame: fade.endFrame)
            let curve = FadeCurve(
                startFrame: span.startFrame, endFrame: span.endFrame, direction, shape: fade.shape)
            return curve.gain(at: frame) * curve.gain(at: frame)
        }
        var both = 0.0
        for frame in stride(from: Int64(0), to: plan.overlapFrames, by: 480) {
            let (out, into) = (power(plan.fadeOut, .falling, frame), power(plan.fadeIn, .rising, frame))
            if min(out, into) > 0.125 { both += 0.01 }
            // An echo is the outgoing track's last beat, without its bass.
            if plan.style != .echoOut { #expect(out + into > 0.9, "nor both off") }
        }
        #expect(both <= 2)
    }

    @Test func keysThatClashShareOnlyTheirHighs() throws {
        let plan = planner.plan(
            from: SyntheticTrack.cMajor.analysis, to: SyntheticTrack.fSharpMajor.analysis, notBefore: 0)
        let middle = try #require(plan.fadeIn.middle)
        #expect(AudioFormat.seconds(middle.endFrame - middle.startFrame) < 3)
        #expect(plan.fadeOut.middle == middle)
        #expect(plan.fadeOut.treble == nil)
        #expect(plan.expectation.keyDistance == 6)
    }

    @Test func equalTemposAreNotStretched() {
        let track = SyntheticTrack(tempo: 125)
        let plan = planner.plan(from: track.analysis, to: track.analysis, notBefore: 0)
        #expect(plan.outgoingMap.isEmpty)
        #expect(plan.incomingMap.count == 1)
    }

    @Test func aLargeDifferenceIsSharedBetweenBothSides() {
        let plan = planner.plan(
            from: SyntheticTrack(tempo: 120, bars: 64).analysis, to: SyntheticTrack(tempo: 132, bars: 64).analysis,
            notBefore: 0)
        #expect(plan.outgoingMap[0].outputFrame < 0, "the ramp begins before the overlap")
        #expect(plan.incomingMap[plan.incomingMap.count - 1].outputFrame > plan.overlapFrames)
    }

    @Test func fadesStayInsideTheSound() {
        let from = SyntheticTrack(seconds: 60).analysis
        for seconds in [0.5, 1, 5, 100] {
            let to = SyntheticTrack(seconds: seconds).analysis
            let plan = planner.plan(from: from, to: to, notBefore: 0)
            let length = AudioFormat.seconds(plan.overlapFrames)
            #expect(length <= max(seconds / 3, 0.05) + 1e-4)
            #expect(AudioFormat.seconds(plan.outgoingFrame + plan.overlapFrames) <= 60.0001)
            if seconds > 48 { #expect(length >= 6 && length <= 16) }
        }
    }

    /// Eight seconds that die away are not waited for.
    @Test func aDyingEndLeavesNoHole() {
        var from = SyntheticTrack(seconds: 60).analysis
        for i in 104..<from.loudnessCurve.count { from.loudnessCurve[i] -= Float(i - 103) * 2.5 }
        let plan = planner.plan(from: from, to: SyntheticTrack(seconds: 60).analysis, notBefore: 0)
        #expect(plan.style == .fade)
        #expect(plan.expectation.dip >= -3)
        #expect(AudioFormat.seconds(plan.outgoingFrame) > 36)
    }

    /// A track that loses its highs over its last twelve seconds is left before, by a track that has some.
    @Test func aFadeLooksForAPlaceWhereTheSoundChangesLittle() {
        func colours(_ track: SyntheticTrack, darkFrom: Int) -> TrackAnalysis {
            var analysis = track.analysis
            // The second coefficient is the balance of low and high: 40 steps are 20 dB.
            let rows = analysis.beats.indices.map { beat -> [UInt8] in
                [0, UInt8(bitPattern: Int8(beat < darkFrom ? -40 : 40))]
                    + [UInt8](repeating: 0, count: BeatTimbre.size - 2)
            }
            analysis.timbre = BeatTimbre(packed: PackedBytes(rows.flatMap { $0 }))
            return analysis
        }
        let bright = SyntheticTrack(isTrusted: false)
        let plan = planner.plan(
            from: colours(bright, darkFrom: bright.analysis.beats.count - 24), to: colours(bright, darkFrom: .max),
            notBefore: 0)
        #expect(plan.style == .fade)
        let dark = bright.analysis.beats[bright.analysis.beats.count - 24]
        let (start, end) = (
            AudioFormat.seconds(plan.outgoingFrame), AudioFormat.seconds(plan.outgoingFrame + plan.overlapFrames)
        )
        #expect((start + end) / 2 < dark, "the middle of the fade lies before the dark end")
        let even = planner.plan(
            from: colours(bright, darkFrom: .max), to: colours(bright, darkFrom: .max), notBefore: 0)
        #expect(
            AudioFormat.seconds(even.outgoingFrame + even.overlapFrames) > bright.analysis.soundEnd - 0.01,
            "nothing is thrown away for nothing")
    }

    @Test func bassesAreTurnedDownWhereThatLeavesNoHole() throws {
        let even = SyntheticTrack(bars: 64)
        let plan = planner.plan(from: even.analysis, to: even.analysis, notBefore: 0)
        let trim = try #require(plan.fadeOut.bassTrim)
        #expect(trim.gain < 0.8 && trim.gain > 0.5)
        #expect(plan.fadeIn.bassTrim == trim)

        // Nothing but bass, and a quiet beginning.
        var low = even.analysis
        low.waveform = WaveformOverview(
            packed: PackedBytes((0..<low.loudnessCurve.count * 5).flatMap { _ in [UInt8(200), 40, 20] }))
        var slow = low
        for i in 0..<40 { slow.loudnessCurve[i] -= 2 }
        let held = planner.plan(from: low, to: slow, notBefore: 0)
        #expect(held.fadeOut.bassTrim?.gain ?? 1 > trim.gain)
        #expect(held.expectation.dip >= -2.5)
    }

    @Test func levelsAreExpectedFromBothCurves() {
        var from = SyntheticTrack(seconds: 60).analysis
        let to = SyntheticTrack(seconds: 60).analysis
        for i in 60..<from.loudnessCurve.count { from.loudnessCurve[i] -= 6 }
        let plan = planner.plan(from: from, to: to, notBefore: 0)
        #expect(abs(plan.expectedStepLoudnessUnits - 6) < 0.2)
    }

    @Test func reasonsAreForPeople() {
        let key = MusicalKey(pitchClass: 9, mode: .minor)
        let plan = planner.plan(
            from: SyntheticTrack(tempo: 124, bars: 64, key: key).analysis,
            to: SyntheticTrack(tempo: 125, bars: 64, key: key).analysis, notBefore: 0)
        #expect(plan.reason == "same key, +1 BPM, 31 s blend over 16 bars")
    }

    /// The whole plan of two fixed analyses; a change here changes the sound of every mix.
    @Test func goldenPlan() throws {
        let settings = MixSettings()
        var timeline = MixTimeline(settings: settings)
        let tracks = [SyntheticTrack(tempo: 124, bars: 20), SyntheticTrack(tempo: 126, bars: 20)]
        for (i, track) in tracks.enumerated() {
            timeline.apply(
                timeline.decide(
                    trackID: "\(i)", analysis: track.analysis, previous: i > 0 ? tracks[i - 1].analysis : nil,
                    notBefore: timeline.renderableUntil))
        }
        var file = MixPlanFile(timeline, path: { "track\($0).wav" }, analysis: { tracks[Int($0)!].analysis })
        for i in file.tracks.indices {
            file.tracks[i].beats = Array(file.tracks[i].beats.prefix(2))
            file.tracks[i].downbeats = Array(file.tracks[i].downbeats.prefix(2))
            file.tracks[i].map = file.tracks[i].map.enumerated().filter { $0.offset % 8 == 0 }.map {
                $0.element.map { ($0 * 1e4).rounded() / 1e4 }
            }
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let json = String(decoding: try encoder.encode(file), as: UTF8.self)
        #expect(json == TransitionPlannerTests.golden)
        #expect(try JSONDecoder().decode(MixPlanFile.self, from: Data(json.utf8)) == file)
    }

    static let golden = #"""
        {"tracks":[{"beats":[0.31,0.7938709677419356],"downbeats":[0.31,2.245483870967742],\#
        "map":[[0.26,0],[32.9713,32.7083],[34.9068,34.6331],[36.8423,36.5503],[38.7778,38.4599]],\#
        "path":"track0.wav"},{"beats":[0.31,0.7861904761904761],"downbeats":[0.31,2.2147619047619047],\#
        "map":[[0.31,31.0178],[2.2148,32.9494],[4.1195,34.8733],[6.0243,36.7895],[7.929,38.6981]],\#
        "path":"track1.wav"}],\#
        "transitions":[{"end":38.69808333333334,"expected_step_lu":0,"in":1,"kind":"beatMatched","out":0,"reason":"+2 BPM, 8 s blend over 4 bars","start":31.01775,"style":"shortBlend"}]}
        """#
}
