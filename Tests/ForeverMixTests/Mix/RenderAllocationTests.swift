import CScriptedCalls
import ForeverMix
import ForeverTestKit
import Testing

@Suite struct RenderAllocationTests {
    /// Alone, in the middle of an overlap with its tempo ramp, and measured on top: blocks are made of nothing new.
    @Test func noBlockAllocatesInSteadyState() throws {
        let mix = SyntheticMix([SyntheticTrack(tempo: 124), SyntheticTrack(tempo: 128)])
        let transition = mix.timeline.transitions[1]
        let middle = (transition.startFrame + transition.endFrame) / 2
        for start in [transition.startFrame - 20 * 48_000, middle - 48_000] {
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
            #expect(work.allocations == 0)
        }
    }
}
