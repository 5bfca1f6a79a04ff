import Foundation
import ForeverMix

/// What a bar of the corpus is about.
enum CorpusBar: Hashable, CustomStringConvertible {
    /// What the renderer itself reports.
    case report(TransitionReport.Bar)
    /// True beats, not the found ones.
    case trueBeats, trueJitter, trueDownbeats
    case loudness, truePeak, click, gap, offset, channels

    var description: String {
        switch self {
        case .report(let bar): "reported \(bar)"
        case .trueBeats: "true beats"
        case .trueJitter: "true jitter"
        case .trueDownbeats: "true downbeats"
        case .loudness: "loudness"
        case .truePeak: "true peak"
        case .click: "click"
        case .gap: "gap"
        case .offset: "offset"
        case .channels: "channels"
        }
    }
}

/// Holds a mix of the corpus to the bars, with the sources and their true beats at hand.
struct CorpusJudge {
    private let mix: CorpusMix
    /// What it misses, in words.
    private(set) var misses: [CorpusBar: String] = [:]

    /// Frames that are looked at as one, 5 ms.
    private static let blockFrames = 240
    /// What lies around a transition and is looked at too. **Units:** frames.
    private static let aroundFrames: Int64 = 48_000

    init(_ mix: CorpusMix) {
        self.mix = mix
        judgeReport()
        judgeLevels()
        judgeChannels()
        judgeBlocks()
        if mix.transition.style?.isBeatMatched == true { judgeBeats() }
    }

    private mutating func miss(_ bar: CorpusBar, _ words: String) { misses[bar] = words }

    /// A silent track or one of a second has no level of its own before or after, and no bars of the report.
    private var isMusic: Bool {
        if case .music = mix.pair.to { true } else { false }
    }

    private mutating func judgeReport() {
        guard isMusic else { return }
        guard let report = mix.reports.first else {
            miss(.report(.levelStep), "no report")
            return
        }
        for bar in report.misses { miss(.report(bar), "\(report.value(bar) ?? .nan), at most \(bar.limit)") }
    }

    private mutating func judgeLevels() {
        let settings = mix.timeline.settings
        let loudness = LoudnessMeter()
        let peak = TruePeakMeter(pushMax: mix.samples.frameCount)
        mix.samples.left.withUnsafeBufferPointer { left in
            mix.samples.right.withUnsafeBufferPointer { right in
                loudness.push(left: left.baseAddress!, right: right.baseAddress!, count: left.count)
                peak.push(left: left.baseAddress!, right: right.baseAddress!, count: left.count)
            }
        }
        if peak.decibels > settings.ceilingDecibels + 0.05 { miss(.truePeak, "\(peak.decibels) dBTP") }
        if isMusic, abs(loudness.integrated - settings.targetLoudness) > mix.pair.loudnessWithin {
            miss(.loudness, "\(loudness.integrated) LUFS")
        }
        func mean(_ samples: [Float]) -> Double { samples.reduce(0.0) { $0 + Double($1) } / Double(samples.count) }
        let offset = max(abs(mean(mix.samples.left)), abs(mean(mix.samples.right)))
        if offset > 1e-3 { miss(.offset, "\(offset)") }
    }

    /// What is the same on both sides stays so, and what is on one side stays there.
    private mutating func judgeChannels() {
        let (left, right) = (mix.samples.left, mix.samples.right)
        let isMono = mix.tracks.map { $0.samples.left == $0.samples.right }
        let settled = min(left.count, Int(mix.transition.settledFrame) + 8_192)
        let alike = isMono == [true, true] ? 0 : isMono[1] ? settled : left.count
        if let at = left.indices[alike...].first(where: { left[$0] != right[$0] }) {
            miss(.channels, "mono is not at frame \(at)")
        }
        if mix.tracks.allSatisfy({ $0.samples.right.allSatisfy { $0 == 0 } }),
            mix.tracks[1].samples.left.contains(where: { $0 != 0 })
        {
            let most = right.reduce(0) { max($0, abs($1)) }
            if most > 1e-5 { miss(.channels, "\(most) on the silent side") }
        }
    }

    /// Clicks and gaps that no source has at the level that it is played at, near the transition.
    private mutating func judgeBlocks() {
        let frames = Int64(CorpusJudge.blockFrames)
        let mixed = Blocks(mix.samples)
        let sources = mix.tracks.map { Blocks($0.samples) }
        let transition = mix.transition
        let last = min(mix.timeline.entries[1].endFrame, transition.endFrame + CorpusJudge.aroundFrames)
        let span = max(0, transition.startFrame - CorpusJudge.aroundFrames) / frames..<last / frames
        var quiet = 0
        for at in span {
            var bend: Float = 0
            var level: Float = 0
            for (entry, source) in zip(mix.timeline.entries, sources) {
                let gain = Float(pow(10, entry.gainDecibels / 20))
                let place = entry.tempoMap.sourceFrame(atOutput: Double(at * frames)) / Double(frames)
                guard place >= -1, place <= Double(source.levels.count) else { continue }
                // The echo plays a beat again and again; everything of the last four seconds may sound.
                let hasEcho = entry.fadeOut?.echo != nil
                let near = Int(place) - (hasEcho ? 800 : 3)...Int(place) + 3
                bend += gain * source.largest(source.bends, near)
                level = max(level, gain * source.least(source.levels, Int(place) - 1...Int(place) + 1))
            }
            if mixed.bends[Int(at)] > 1.5 * bend + 0.004 {
                miss(.click, "at \(AudioFormat.seconds(at * frames)) s: \(mixed.bends[Int(at)]), sources \(bend)")
            }
            quiet = mixed.levels[Int(at)] < 1e-3 && level > 0.01 ? quiet + 1 : 0
            if quiet > 10 { miss(.gap, "at \(AudioFormat.seconds(at * frames)) s") }
        }
    }

    /// The bend of a waveform and its level, by blocks.
    private struct Blocks {
        /// The largest second difference.
        private(set) var bends: [Float] = []
        /// Root mean square.
        private(set) var levels: [Float] = []

        init(_ samples: StereoBuffer) {
            let size = CorpusJudge.blockFrames
            for start in stride(from: 0, to: samples.frameCount - size + 1, by: size) {
                var bend: Float = 0
                var power: Float = 0
                for channel in [samples.left, samples.right] {
                    channel.withUnsafeBufferPointer { x in
                        for i in start..<start + size {
                            power += x[i] * x[i]
                            if i >= 2 { bend = max(bend, abs(x[i] - 2 * x[i - 1] + x[i - 2])) }
                        }
                    }
                }
                bends.append(bend)
                levels.append((power / Float(2 * size)).squareRoot())
            }
        }

        func largest(_ values: [Float], _ range: ClosedRange<Int>) -> Float {
            guard !values.isEmpty else { return 0 }
            return values[range.clamped(to: 0...values.count - 1)].max() ?? 0
        }

        func least(_ values: [Float], _ range: ClosedRange<Int>) -> Float {
            guard range.lowerBound >= 0, range.upperBound < values.count else { return 0 }
            return values[range].min() ?? 0
        }
    }

    private mutating func judgeBeats() {
        let transition = mix.transition
        let inside = Double(transition.startFrame - 480)...Double(transition.endFrame + 480)
        func places(_ times: (CorpusTrack) -> [Double]) -> [[Double]] {
            zip(mix.timeline.entries, mix.tracks).map { entry, track in
                times(track).map { entry.tempoMap.outputFrame(ofSource: $0 * SynthesisedMusic.rate) }
                    .filter { inside.contains($0) }
            }
        }
        /// From each of the fewer to the nearest of the more. **Units:** ms.
        func deviations(_ places: [[Double]]) -> [Double] {
            let (fewer, more) = places[0].count <= places[1].count ? (places[0], places[1]) : (places[1], places[0])
            return fewer.compactMap { beat in more.map { ($0 - beat) / 48 }.min { abs($0) < abs($1) } }
        }
        let beats = deviations(places { $0.beats })
        let sizes = beats.map(abs).sorted()
        guard sizes.count >= 6 else {
            miss(.trueBeats, "only \(sizes.count) in common")
            return
        }
        let found = (sizes[sizes.count / 2], sizes[Int(0.95 * Double(sizes.count - 1))], sizes[sizes.count - 1])
        if found.0 > 8 || found.1 > 15 || found.2 > 25 { miss(.trueBeats, "\(found) ms") }
        let mean = beats.reduce(0, +) / Double(beats.count)
        let jitter = (beats.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(beats.count)).squareRoot()
        if jitter > 4 { miss(.trueJitter, "\(jitter) ms") }
        let downbeats = deviations(places { $0.downbeats }).map(abs)
        if mix.tracks[0].beatsPerBar == mix.tracks[1].beatsPerBar, downbeats.isEmpty || downbeats.max()! > 25 {
            miss(.trueDownbeats, "\(downbeats) ms")
        }
    }
}
