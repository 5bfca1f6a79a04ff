import Foundation
import ForeverMix
import Testing

/// Pairs of all kinds, analysed, planned and rendered as a station would, held to the bars.
@Suite struct CorpusTests {
    @Test(arguments: CorpusPair.all) func mixesWell(_ pair: CorpusPair) throws {
        let tracks = [CorpusTrack(pair.from), pair.incoming]
        let analyses = try tracks.map { try TrackAnalyzer().analyze($0.sound.source) }
        var timeline = MixTimeline(settings: MixSettings())
        for i in tracks.indices {
            timeline.apply(
                timeline.decide(
                    trackID: "\(i)", analysis: analyses[i], previous: i > 0 ? analyses[i - 1] : nil,
                    notBefore: timeline.renderableUntil))
        }
        let renderer = MixRenderer(settings: timeline.settings) { tracks[Int($0)!].sound.source }
        var reports: [TransitionReport] = []
        renderer.onReport = { reports.append($0) }
        let end = timeline.entries.map(\.endFrame).max() ?? 0
        var mix = StereoBuffer(frameCount: Int(end))
        var block = StereoBuffer(frameCount: 4_800)
        for at in stride(from: Int64(0), to: end, by: 4_800) {
            renderer.render(timeline, from: at, into: &block)
            let count = Int(min(4_800, end - at))
            mix.left.replaceSubrange(Int(at)..<Int(at) + count, with: block.left.prefix(count))
            mix.right.replaceSubrange(Int(at)..<Int(at) + count, with: block.right.prefix(count))
        }
        renderer.finishReports()

        let transition = timeline.transitions[1]
        let style = try #require(transition.style)
        #expect(pair.styles.contains(style), "\(transition.reason)")
        if case .music = pair.to {
            let report = try #require(reports.first)
            #expect(Set(report.misses).subtracting(pair.forgiven) == [], "\(style): \(report)")
        }
        checkSound(mix, timeline, tracks)
        if style.isBeatMatched { checkBeats(timeline, tracks) }
    }

    /// Nothing above the ceiling, no click, no gap, no offset.
    private func checkSound(_ mix: StereoBuffer, _ timeline: MixTimeline, _ tracks: [CorpusTrack]) {
        let ceiling = Float(pow(10, timeline.settings.ceilingDecibels / 20))
        #expect(mix.left.allSatisfy { abs($0) <= ceiling * 1.0001 })
        // A click is a step that no source makes at the level that it is played at.
        func largestStep(_ samples: ArraySlice<Float>) -> Float {
            zip(samples.dropFirst(), samples).reduce(0) { max($0, abs($1.0 - $1.1)) }
        }
        let steps = zip(timeline.entries, tracks).map { entry, track in
            largestStep(track.sound.samples[...]) * Float(pow(10, entry.gainDecibels / 20))
        }
        let transition = timeline.transitions[1]
        let around =
            Int(max(1, transition.startFrame - 48_000))..<min(mix.left.count, Int(transition.endFrame) + 48_000)
        #expect(largestStep(mix.left[around]) <= 1.2 * steps.reduce(0, +))
        func mean(_ samples: [Float]) -> Double { samples.reduce(0.0) { $0 + Double($1) } / Double(samples.count) }
        let sources = zip(timeline.entries, tracks).map { abs(mean($1.sound.samples)) * pow(10, $0.gainDecibels / 20) }
        #expect(abs(mean(mix.left)) < sources.max()! + 1e-3)
        guard tracks[1].sound.samples.contains(where: { abs($0) > 0.01 }) else { return }
        var quiet = 0
        var longest = 0
        let last = min(Int(transition.endFrame) + 48_000, mix.left.count - 48_000)
        for i in stride(from: 48_000, to: last, by: 1) {
            quiet = abs(mix.left[i]) < 1e-3 ? quiet + 1 : 0
            longest = max(longest, quiet)
        }
        #expect(longest < 2_400 + 4_800, "no gap")
    }

    /// True beats, not the found ones, fall together where it is claimed.
    private func checkBeats(_ timeline: MixTimeline, _ tracks: [CorpusTrack]) {
        let transition = timeline.transitions[1]
        let inside = transition.startFrame...transition.endFrame
        let places = zip(timeline.entries, tracks).map { entry, track in
            track.beats.map { entry.tempoMap.outputFrame(ofSource: $0 * 48_000) }
                .filter { inside.contains(Int64($0)) }
        }
        guard let fewer = places.min(by: { $0.count < $1.count }), let more = places.max(by: { $0.count < $1.count })
        else { return }
        let deviations = fewer.map { beat in more.map { abs($0 - beat) / 48 }.min() ?? .infinity }.sorted()
        #expect(deviations.count >= 6)
        #expect(deviations[deviations.count / 2] <= 8)
        #expect(deviations[Int(0.95 * Double(deviations.count - 1))] <= 15)
        #expect(deviations[deviations.count - 1] <= 25)
    }
}
