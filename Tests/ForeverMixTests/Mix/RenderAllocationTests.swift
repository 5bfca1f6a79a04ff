import CScriptedCalls
import ForeverMix
import ForeverTestKit
import Testing

@Suite struct RenderAllocationTests {
    /// Pairs that go over in every way there is, and how.
    private static let pairs: [(tracks: [SyntheticTrack], style: TransitionStyle)] = [
        ([SyntheticTrack(bars: 80), SyntheticTrack(tempo: 128, bars: 80)], .longBlend),
        ([.cMajor, .fSharpMajor], .drumBlend),
        ([SyntheticTrack(), SyntheticTrack(isTrusted: false)], .fade),
        ([SyntheticTrack(tempo: 120), .rising], .filterOut),
        ([.ragged, SyntheticTrack(tempo: 136)], .echoOut),
    ]

    /// Alone, in the middle of an overlap with what it has of ramps, bands and echoes, after it, and measured on top:
    /// blocks are made of nothing new.
    @Test(arguments: pairs.indices) func noBlockAllocatesInSteadyState(_ number: Int) throws {
        let (tracks, style) = RenderAllocationTests.pairs[number]
        let mix = SyntheticMix(tracks)
        let transition = mix.timeline.transitions[1]
        #expect(transition.style == style)
        let middle = (transition.startFrame + transition.endFrame) / 2
        for start in [transition.startFrame - 20 * 48_000, middle - 48_000, transition.settledFrame + 48_000] {
            let renderer = mix.renderer()
            renderer.onReport = { _ in }
            var block = StereoBuffer(frameCount: 1_152)
            // Two seconds to open what is needed and to begin the runs of the stretcher.
            var at = start - 2 * 48_000
            while at < start {
                renderer.render(mix.timeline, from: at, into: &block)
                at += 1_152
            }
            let work = countingWork {
                for _ in 0..<40 {
                    renderer.render(mix.timeline, from: at, into: &block)
                    at += 1_152
                }
            }
            #expect(work.allocations == 0, "\(style) at \(start)")
        }
    }
}
