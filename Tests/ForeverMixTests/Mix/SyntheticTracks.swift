import Foundation
import ForeverMix

/// A track with drums and chords whose every sample follows from its number: nothing is stored.
final class DrumSource: SampleSource {
    let frameCount: Int64
    private let beatFrames: Double
    private let firstBeatFrame: Double
    private let pitch: Double
    private let level: Float
    /// Frames asked for so far.
    private(set) var framesRead: Int64 = 0
    /// Reading throws from this frame on.
    var failsFrom: Int64 = .max

    struct Broken: Error {}

    init(_ track: SyntheticTrack, level: Float = 0.5) {
        frameCount = track.analysis.frameCount
        beatFrames = 60 / track.tempo * 48_000
        firstBeatFrame = track.firstBeat * 48_000
        pitch = track.pitch
        self.level = level
    }

    func read(from start: Int64, count: Int, into buffer: inout StereoBuffer, at offset: Int) throws {
        guard start + Int64(count) <= failsFrom else { throw Broken() }
        framesRead += Int64(count)
        for i in 0..<count {
            let frame = start + Int64(i)
            let sample = frame >= 0 && frame < frameCount ? sample(frame) : 0
            buffer.left[offset + i] = sample
            buffer.right[offset + i] = sample * 0.8
        }
    }

    private func sample(_ frame: Int64) -> Float {
        let time = Double(frame) / 48_000
        let beat = (Double(frame) - firstBeatFrame) / beatFrames
        var value = 0.1 * sin(2 * .pi * pitch * time) + 0.1 * sin(2 * .pi * pitch * 1.5 * time)
        if beat >= 0 {
            let since = (beat - beat.rounded(.down)) * beatFrames / 48_000
            value += 0.8 * exp(-since * 20) * sin(2 * .pi * 60 * since)
            value += 0.3 * exp(-since * 200) * sin(2 * .pi * 3000 * since)
        }
        return level * Float(value)
    }
}

/// Facts of a made-up track, and its analysis as a perfect analyser would give it.
struct SyntheticTrack {
    var tempo = 124.0
    var bars = 40
    var firstBeat = 0.31
    var pitch = 220.0
    var analysis: TrackAnalysis

    init(
        tempo: Double = 124, bars: Int = 40, beatsPerBar: Int = 4, firstBeat: Double = 0.31, pitch: Double = 220,
        key: MusicalKey? = nil, isTrusted: Bool = true, hasDownbeats: Bool = true, loudness: Double = -14
    ) {
        self.tempo = tempo
        self.bars = bars
        self.firstBeat = firstBeat
        self.pitch = pitch
        let period = 60 / tempo
        let beats = (0..<bars * beatsPerBar).map { firstBeat + Double($0) * period }
        let end = firstBeat + Double(bars * beatsPerBar) * period
        analysis = TrackAnalysis(
            frameCount: AudioFormat.frames(end + 0.8), tempo: tempo, beats: beats,
            downbeats: stride(from: 0, to: beats.count, by: beatsPerBar).map { beats[$0] }, beatsPerBar: beatsPerBar,
            key: key, loudness: loudness, truePeak: -1, soundStart: firstBeat, soundEnd: end,
            loudnessCurve: Array(repeating: Float(loudness), count: Int(end * 2)),
            onsets: beats + beats.map { $0 + period / 2 }, energy: 0.5, danceability: 0.5,
            confidence: .init(beats: 1, downbeats: 1, key: 1),
            trusted: .init(beats: isTrusted, downbeats: hasDownbeats, key: key != nil))
        analysis.onsets.sort()
        // Every beat sounds alike.
        analysis.timbre = BeatTimbre(packed: PackedBytes([UInt8](repeating: 0, count: beats.count * BeatTimbre.size)))
    }

    /// A track of so many seconds of which nothing but its length and loudness is known.
    init(seconds: Double, loudness: Double = -14) {
        self.init(bars: 1, isTrusted: false, loudness: loudness)
        analysis.frameCount = AudioFormat.frames(seconds)
        analysis.beats = []
        analysis.downbeats = []
        analysis.onsets = []
        analysis.tempo = nil
        analysis.soundStart = 0
        analysis.soundEnd = seconds
        analysis.loudnessCurve = Array(repeating: Float(loudness), count: Int(seconds * 2) + 1)
    }
}

/// Tracks with one trait each.
extension SyntheticTrack {
    /// With bars and phrases of eight from bar `phraseBar` on; `change` says what sounds in each bar.
    func structured(
        phraseBar: Int = 0, change: (Int, inout TrackStructure.Bar) -> Void = { _, _ in }
    ) -> SyntheticTrack {
        var track = self
        let lines = analysis.downbeats
        track.analysis.structure.bars = lines.enumerated().map { number, start in
            var bar = TrackStructure.Bar(start: start, drums: 1, bass: 1, voice: 0, energy: 1)
            change(number, &bar)
            return bar
        }
        track.analysis.structure.phrases = stride(from: phraseBar, to: lines.count, by: 8).map { lines[$0] }
        track.analysis.trusted.phrases = true
        return track
    }

    /// Its last twelve seconds die away.
    static var dying: SyntheticTrack {
        var track = SyntheticTrack(tempo: 120)
        for i in track.analysis.loudnessCurve.indices.suffix(24) { track.analysis.loudnessCurve[i] -= 18 }
        return track
    }

    /// Its first twelve seconds are quiet.
    static var rising: SyntheticTrack {
        var track = SyntheticTrack(tempo: 150)
        for i in 0..<24 { track.analysis.loudnessCurve[i] -= 12 }
        return track
    }

    /// Ends in the middle of a bar.
    static var ragged: SyntheticTrack {
        var track = SyntheticTrack(tempo: 120)
        track.analysis.soundEnd -= 0.6
        return track
    }

    /// Ends on a bar line and begins on one.
    static var abrupt: SyntheticTrack { SyntheticTrack(tempo: 120) }
    static var abruptFaster: SyntheticTrack { SyntheticTrack(tempo: 150) }

    static var cMajor: SyntheticTrack { SyntheticTrack(bars: 64, key: MusicalKey(pitchClass: 0, mode: .major)) }
    static var fSharpMajor: SyntheticTrack { SyntheticTrack(bars: 64, key: MusicalKey(pitchClass: 6, mode: .major)) }
}

/// A mix of synthetic tracks, each decided as late as the timeline allows.
struct SyntheticMix {
    var timeline: MixTimeline
    let tracks: [SyntheticTrack]
    private(set) var decisions: [MixDecision] = []

    init(_ tracks: [SyntheticTrack], settings: MixSettings = MixSettings()) {
        self.tracks = tracks
        timeline = MixTimeline(settings: settings)
        for i in tracks.indices {
            let decision = timeline.decide(
                trackID: String(i), analysis: tracks[i].analysis, previous: i > 0 ? tracks[i - 1].analysis : nil,
                notBefore: timeline.renderableUntil)
            timeline.apply(decision)
            decisions.append(decision)
        }
    }

    var endFrame: Int64 { timeline.entries.map(\.endFrame).max() ?? 0 }

    func renderer(level: Float = 0.5) -> MixRenderer {
        let tracks = tracks
        return MixRenderer(settings: timeline.settings) { DrumSource(tracks[Int($0)!], level: level) }
    }

    func render(_ frames: Range<Int64>, by renderer: MixRenderer? = nil, blockFrames: Int = 1152) -> StereoBuffer {
        let renderer = renderer ?? self.renderer()
        var result = StereoBuffer(frameCount: 0)
        var at = frames.lowerBound
        while at < frames.upperBound {
            var block = StereoBuffer(frameCount: Int(min(Int64(blockFrames), frames.upperBound - at)))
            renderer.render(timeline, from: at, into: &block)
            result.left += block.left
            result.right += block.right
            at += Int64(block.frameCount)
        }
        return result
    }
}

/// The same numbers on every machine (SplitMix64).
struct SeededNumbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
