import Foundation
import ForeverMix

/// A pair of the corpus analysed, planned and rendered as a station would.
struct CorpusMix {
    let pair: CorpusPair
    let tracks: [CorpusTrack]
    let analyses: [TrackAnalysis]
    private(set) var timeline: MixTimeline
    private(set) var samples = StereoBuffer(frameCount: 0)
    private(set) var reports: [TransitionReport] = []

    var transition: MixTransition { timeline.transitions[1] }

    /// Both tracks' analyses are made where none are given; `change` spoils the decision.
    init(_ pair: CorpusPair, change: (inout MixDecision) -> Void = { _ in }) throws {
        let tracks = [pair.outgoing, pair.incoming]
        try self.init(pair, tracks, tracks.map { try TrackAnalyzer().analyze($0.source) }, change: change)
    }

    /// `played` is what sounds instead of `tracks`.
    init(
        _ pair: CorpusPair, _ tracks: [CorpusTrack], _ analyses: [TrackAnalysis],
        settings: MixSettings = MixSettings(), played: [CorpusTrack]? = nil,
        change: (inout MixDecision) -> Void = { _ in }
    ) {
        self.pair = pair
        self.tracks = tracks
        self.analyses = analyses
        timeline = MixTimeline(settings: settings)
        for i in tracks.indices {
            var decision = timeline.decide(
                trackID: "\(i)", analysis: analyses[i], previous: i > 0 ? analyses[i - 1] : nil,
                notBefore: timeline.renderableUntil)
            if i == 1 { change(&decision) }
            timeline.apply(decision)
        }
        render(played ?? tracks)
    }

    private mutating func render(_ tracks: [CorpusTrack], blockFrames: Int = 4_800) {
        let renderer = MixRenderer(settings: timeline.settings) { tracks[Int($0)!].source }
        var reports: [TransitionReport] = []
        renderer.onReport = { reports.append($0) }
        let end = timeline.entries.map(\.endFrame).max() ?? 0
        samples = StereoBuffer(frameCount: Int(end))
        var block = StereoBuffer(frameCount: blockFrames)
        for at in stride(from: Int64(0), to: end, by: blockFrames) {
            renderer.render(timeline, from: at, into: &block)
            let count = Int(min(Int64(blockFrames), end - at))
            samples.left.replaceSubrange(Int(at)..<Int(at) + count, with: block.left.prefix(count))
            samples.right.replaceSubrange(Int(at)..<Int(at) + count, with: block.right.prefix(count))
        }
        renderer.finishReports()
        self.reports = reports
    }

    /// The same mix with its sound spoilt.
    func spoiling(_ spoil: (inout StereoBuffer) -> Void) -> CorpusMix {
        var result = self
        spoil(&result.samples)
        return result
    }
}
