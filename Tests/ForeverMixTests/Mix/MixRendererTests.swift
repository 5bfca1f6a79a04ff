import ForeverMix
import Testing

@Suite struct MixRendererTests {
    /// Three tracks: a tempo ramp, then one beyond a single side's limit, then a plain fade.
    static let mix = SyntheticMix([
        SyntheticTrack(tempo: 124, bars: 24), SyntheticTrack(tempo: 128, bars: 24, pitch: 277),
        SyntheticTrack(tempo: 140, bars: 40, pitch: 330), SyntheticTrack(seconds: 20),
    ])
    static let whole = mix.render(0..<mix.endFrame)

    @Test func coversEveryKindOfTransition() {
        let kinds = MixRendererTests.mix.timeline.transitions.map(\.kind)
        #expect(kinds == [.opening, .beatMatched, .beatMatched, .fade])
    }

    @Test func anyStartGivesTheSameSamples() {
        let mix = MixRendererTests.mix
        let whole = MixRendererTests.whole
        var numbers = SeededNumbers(state: 1)
        let renderer = mix.renderer()
        for turn in 0..<100 {
            // Half of them in the overlaps, where everything happens; a fresh renderer every fourth time.
            let span =
                turn % 2 == 0
                ? 0..<mix.endFrame
                : mix.timeline.transitions[1 + turn / 2 % 3]
                    .changesFrom..<mix.timeline.transitions[1 + turn / 2 % 3].settledFrame
            let start = Int64.random(in: span, using: &numbers)
            let end = min(start + 5000, mix.endFrame)
            let part = mix.render(start..<end, by: turn % 4 == 0 ? nil : renderer, blockFrames: 700)
            #expect(part.left == Array(whole.left[Int(start)..<Int(end)]), "from \(start)")
            #expect(part.right == Array(whole.right[Int(start)..<Int(end)]), "from \(start)")
        }
    }

    @Test(arguments: [1, 2, 7, 64, 1151, 1153, 4096, 4097, 5000])
    func anyBlockSizeGivesTheSameSamples(blockFrames: Int) {
        let mix = MixRendererTests.mix
        let transition = mix.timeline.transitions[1]
        let start = transition.startFrame + 100_000
        let end = start + 20_000
        let part = mix.render(start..<end, blockFrames: blockFrames)
        #expect(part.left == Array(MixRendererTests.whole.left[Int(start)..<Int(end)]))
        #expect(part.right == Array(MixRendererTests.whole.right[Int(start)..<Int(end)]))
    }

    /// Every style of which the mix above has none.
    @Test(arguments: [(SyntheticTrack.ragged, 136.0), (.abrupt, 150), (.init(tempo: 120), 149), (.cMajor, 0)])
    func echoesFiltersAndCutsAreTheSameFromAnywhere(from: SyntheticTrack, tempo: Double) throws {
        let to = tempo == 149 ? SyntheticTrack.rising : tempo == 0 ? .fSharpMajor : SyntheticTrack(tempo: tempo)
        let mix = SyntheticMix([from, to])
        let transition = mix.timeline.transitions[1]
        let span = transition.startFrame - 5_000..<transition.endFrame + 5_000
        let whole = mix.render(span)
        #expect(whole.left.allSatisfy { abs($0) <= 0.75 })
        var numbers = SeededNumbers(state: 7)
        for turn in 0..<8 {
            let start = Int64.random(in: span.lowerBound..<span.upperBound - 3_000, using: &numbers)
            let part = mix.render(start..<start + 3_000, blockFrames: turn % 2 == 0 ? 480 : 4_097)
            let offset = Int(start - span.lowerBound)
            #expect(part.left == Array(whole.left[offset..<offset + 3_000]), "\(transition.style!)")
        }
    }

    @Test func aDecisionChangesNothingBeforeItsPlace() {
        let tracks = MixRendererTests.mix.tracks
        var mix = SyntheticMix([tracks[0]])
        let renderer = MixRenderer(settings: mix.timeline.settings) { DrumSource(tracks[Int($0)!]) }
        let notBefore: Int64 = 1_000_000
        let before = mix.render(0..<notBefore, by: renderer)
        let decision = mix.timeline.decide(
            trackID: "1", analysis: tracks[1].analysis, previous: tracks[0].analysis, notBefore: notBefore,
            isSoon: true)
        #expect(decision.changesFrom >= notBefore)
        #expect(decision.changesFrom < notBefore + 48_000 * 20, "soon")
        mix.timeline.apply(decision)
        let fresh = MixRenderer(settings: mix.timeline.settings) { DrumSource(tracks[Int($0)!]) }
        #expect(mix.render(0..<notBefore, by: fresh) == before)
        // The renderer that was ahead carries on as one that knew from the start.
        let after = notBefore..<decision.transition.endFrame
        #expect(mix.render(after, by: renderer) == mix.render(after, by: fresh))
    }

    @Test func outsideTransitionsATrackIsItsSourceBitForBit() {
        let mix = MixRendererTests.mix
        // -14 LUFS to -16: gain is one factor.
        let entry = mix.timeline.entries[1]
        let from = mix.timeline.transitions[1].settledFrame + 10_000
        let part = mix.render(from..<from + 5000)
        let source = DrumSource(mix.tracks[1])
        var expected = StereoBuffer(frameCount: 5000)
        let first = entry.tempoMap.sourceFrame(atOutput: Double(from))
        #expect(first == first.rounded())
        try? source.read(from: Int64(first), count: 5000, into: &expected, at: 0)
        let ratio = part.left[2500] / expected.left[2500]
        #expect(abs(ratio - 0.794328) < 1e-5)
        #expect(part.left == expected.left.map { $0 * Float(0.7943282347242815) })
    }

    @Test func aFailingSourceIsToldOnceAndIsSilence() {
        let tracks = [SyntheticTrack(seconds: 30), SyntheticTrack(seconds: 30), SyntheticTrack(seconds: 30)]
        let mix = SyntheticMix(tracks)
        let renderer = MixRenderer(settings: mix.timeline.settings) { id in
            if id == "2" { throw DrumSource.Broken() }
            let source = DrumSource(tracks[Int(id)!])
            if id == "1" { source.failsFrom = 480_000 }
            return source
        }
        var failures: [String] = []
        renderer.onSourceFailure = { failures.append($0.trackID) }
        let sound = mix.render(0..<mix.endFrame, by: renderer)
        #expect(failures == ["1", "2"])
        #expect(sound.left.allSatisfy { $0.isFinite })
        #expect(sound.left.suffix(48_000).allSatisfy { $0 == 0 })
    }

    @Test func sourcesAreOpenedLateAndClosedAfterUse() {
        let tracks = (0..<4).map { _ in SyntheticTrack(seconds: 20) }
        let mix = SyntheticMix(tracks)
        final class Weak { weak var source: DrumSource? }
        var opened: [Weak] = []
        let renderer = MixRenderer(settings: mix.timeline.settings) { id in
            let source = DrumSource(tracks[Int(id)!])
            let held = Weak()
            held.source = source
            opened.append(held)
            return source
        }
        var at: Int64 = 0
        var most = 0
        var block = StereoBuffer(frameCount: 4800)
        while at < mix.endFrame {
            renderer.render(mix.timeline, from: at, into: &block)
            most = max(most, opened.count { $0.source != nil })
            at += 4800
        }
        #expect(opened.count == 4)
        #expect(most == 2)
    }

    @Test func soundThatIsNotANumberBecomesSilence() {
        final class Hostile: SampleSource {
            let frameCount: Int64 = 480_000
            func read(from start: Int64, count: Int, into buffer: inout StereoBuffer, at offset: Int) throws {
                for i in 0..<count {
                    buffer.left[offset + i] = i % 3 == 0 ? .nan : i % 3 == 1 ? .infinity : 1e30
                    buffer.right[offset + i] = 0
                }
            }
        }
        let mix = SyntheticMix([SyntheticTrack(seconds: 10)])
        let renderer = MixRenderer(settings: mix.timeline.settings) { _ in Hostile() }
        let sound = mix.render(0..<96_000, by: renderer)
        #expect(sound.left.allSatisfy { abs($0) <= 1 })
    }
}
