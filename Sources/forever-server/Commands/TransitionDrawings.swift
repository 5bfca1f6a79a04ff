import ForeverMix
import Foundation

/// `mix --plot DIR`: every transition of an offline mix drawn, one SVG file each.
struct TransitionDrawings {
    let script: OfflineScript
    let settings: MixSettings
    let opener: SoundOpener
    let reports: [TransitionReport]

    /// Writes `01-longBlend.svg` and so on, in the order of the mix. The mix around each transition is rendered again.
    func write(to folder: String, progress: ProgressLine) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let heard = script.timeline.transitions.filter { $0.fromIndex != nil && $0.endFrame <= script.frameCount }
        let digits = max(2, String(heard.count).count)
        for (at, transition) in heard.enumerated() {
            progress.show("drawing: \(at + 1)/\(heard.count)")
            let number = String(repeating: "0", count: max(0, digits - String(at + 1).count)) + String(at + 1)
            let name = "\(number)-\(transition.style?.rawValue ?? transition.kind.rawValue).svg"
            guard let plot = try plot(transition) else { continue }
            try Data(plot.svg().utf8).write(to: URL(fileURLWithPath: folder).appending(path: name))
        }
        progress.clear()
    }

    private func plot(_ transition: MixTransition) throws -> TransitionPlot? {
        let frames = TransitionPlot.frames(of: transition)
        var mix = StereoBuffer(frameCount: frames.count)
        MixRenderer(settings: settings) { try opener.open(try script.track($0)) }
            .render(script.timeline, from: frames.lowerBound, into: &mix)
        return try TransitionPlot(
            script.timeline, into: transition.toIndex, mix: mix,
            report: reports.first { $0.toIndex == transition.toIndex }
        ) { id in
            let track = try script.track(id)
            guard let analysis = script.analyses[id] else { throw UnknownTrack(id: id) }
            return (URL(fileURLWithPath: track.spokenOrigin).lastPathComponent, analysis, try opener.open(track))
        }
    }
}
