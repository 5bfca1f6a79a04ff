import Foundation
import ForeverMix
import Testing

/// A good mix spoilt in one way each: the bars of the corpus find it, so none of them is there for show.
@Suite struct CorpusSabotageTests {
    struct Case: Sendable, CustomStringConvertible {
        let description: String
        /// What must be missed; more may be.
        let bars: Set<CorpusBar>
        let make: @Sendable (Base) -> CorpusMix
    }

    /// The pair that is spoilt, analysed once.
    struct Base: Sendable {
        let tracks = [CorpusPair.tempo.outgoing, CorpusPair.tempo.incoming]
        let analyses: [TrackAnalysis]

        init() throws { analyses = try tracks.map { try TrackAnalyzer().analyze($0.source) } }

        /// With other sound for the incoming track than was analysed.
        func playing(_ incoming: CorpusTrack) -> CorpusMix { CorpusMix(.tempo, [tracks[0], incoming], analyses) }

        func deciding(_ change: (inout MixDecision) -> Void) -> CorpusMix {
            CorpusMix(.tempo, tracks, analyses, change: change)
        }

        func spoiling(_ spoil: (inout StereoBuffer, MixTransition) -> Void) -> CorpusMix {
            let mix = deciding { _ in }
            return mix.spoiling { spoil(&$0, mix.transition) }
        }

        /// The incoming track so much later. **Units:** s.
        func late(by seconds: Double) -> CorpusTrack {
            var traits = CorpusTrack.Traits(tempo: 129)
            traits.first += seconds
            return CorpusTrack(traits)
        }
    }

    static let base = Result { try Base() }

    static let cases = [
        Case(
            description: "late",
            bars: [.trueBeats, .trueDownbeats, .report(.beatMedian), .report(.beatP95), .report(.beatMax)]
        ) {
            $0.playing($0.late(by: 0.03))
        },
        Case(description: "uneven", bars: [.trueJitter, .report(.jitter)]) {
            $0.playing(CorpusTrack(.init(tempo: 129, isLive: true)))
        },
        Case(description: "one beat off", bars: [.trueDownbeats]) {
            var incoming = $0.tracks[1]
            incoming.beats.removeFirst()
            return $0.playing(incoming)
        },
        Case(description: "half as loud", bars: [.report(.levelStep), .loudness]) {
            $0.playing(CorpusTrack(.init(tempo: 129, gain: 0.5)))
        },
        Case(description: "hole", bars: [.report(.dip), .gap]) {
            $0.deciding { decision in
                let (start, end) = (decision.transition.startFrame, decision.transition.endFrame)
                let third = (end - start) / 3
                decision.previous?.fadeOut = Fade(startFrame: start, endFrame: start + third)
                decision.entry.fadeIn = Fade(startFrame: end - third, endFrame: end)
            }
        },
        Case(description: "both in full", bars: [.report(.bump), .report(.bassOverlap), .report(.bassBump)]) {
            $0.deciding { decision in
                let (start, end) = (decision.transition.startFrame, decision.transition.endFrame)
                decision.previous?.fadeOut = Fade(startFrame: end - 480, endFrame: end)
                decision.entry.fadeIn = Fade(startFrame: start, endFrame: start + 480)
            }
        },
        Case(description: "hiss follows", bars: [.report(.spectralJump)]) {
            var hiss = SynthesisedMusic(seconds: 36)
            hiss.noise(gain: 0.1)
            var incoming = $0.tracks[1]
            incoming.samples = StereoBuffer(left: hiss.samples, right: hiss.samples)
            return CorpusMix(.tempo, [$0.tracks[0], incoming], $0.analyses) { decision in
                let middle = (decision.transition.startFrame + decision.transition.endFrame) / 2
                decision.previous?.fadeOut = Fade(startFrame: middle, endFrame: middle + 960)
                decision.entry.fadeIn = Fade(startFrame: middle, endFrame: middle + 960)
            }
        },
        Case(description: "too loud", bars: [.truePeak, .loudness]) {
            $0.spoiling { sound, _ in
                for i in sound.left.indices {
                    (sound.left[i], sound.right[i]) = (4 * sound.left[i], 4 * sound.right[i])
                }
            }
        },
        Case(description: "click", bars: [.click]) {
            $0.spoiling { sound, transition in
                sound.left[Int(transition.beatFrames![4]) + 7_000] += 0.1
                sound.right[Int(transition.beatFrames![4]) + 7_000] += 0.1
            }
        },
        Case(description: "a block lost", bars: [.gap, .click]) {
            $0.spoiling { sound, transition in
                let lost = Int(transition.beatFrames![4])..<Int(transition.beatFrames![4]) + 4_800
                for i in lost { (sound.left[i], sound.right[i]) = (0, 0) }
            }
        },
        Case(description: "offset", bars: [.offset]) {
            $0.spoiling { sound, _ in
                for i in sound.left.indices {
                    (sound.left[i], sound.right[i]) = (sound.left[i] + 0.003, sound.right[i] + 0.003)
                }
            }
        },
        Case(description: "sides apart", bars: [.channels]) {
            $0.spoiling { sound, _ in sound.right[900_000] += 1e-4 }
        },
    ]

    @Test(arguments: cases) func isFound(_ one: Case) throws {
        let misses = CorpusJudge(one.make(try CorpusSabotageTests.base.get())).misses
        #expect(one.bars.subtracting(misses.keys) == [], "\(misses)")
    }

    @Test func everyBarCanFail() {
        let own: Set<CorpusBar> = [
            .trueBeats, .trueJitter, .trueDownbeats, .loudness, .truePeak, .click, .gap, .offset, .channels,
        ]
        let found = CorpusSabotageTests.cases.reduce(into: Set<CorpusBar>()) { $0.formUnion($1.bars) }
        #expect(found == own.union(TransitionReport.Bar.allCases.map { .report($0) }))
    }
}
