import Foundation
import ForeverMix

/// A short track of the regression corpus: what it sounds like and where its beats truly are.
struct CorpusTrack: Sendable {
    var samples: StereoBuffer
    /// **Units:** s.
    var beats: [Double]
    var beatsPerBar = 4

    var source: BufferSource { BufferSource(samples) }
    var downbeats: [Double] { stride(from: 0, to: beats.count, by: beatsPerBar).map { beats[$0] } }

    /// What the two channels have in common.
    enum Channels: Sendable { case mono, wide, leftOnly }

    struct Traits: Sendable {
        var tempo = 124.0
        var beatsPerBar = 4
        /// Semitones up.
        var transposed = 0
        /// Place of the off-beat between two beats.
        var swing = 0.5
        /// Seconds at the beginning and at the end without drums or bass.
        var drumless = (start: 0.0, end: 0.0)
        /// How much faster it becomes from beginning to end: 0.02 is 2 %.
        var drift = 0.0
        /// Played by people: the tempo wanders by 1 %, and every beat misses its place by up to 4 ms.
        var isLive = false
        /// Driven so many decibels into clipping.
        var clippedBy = 0.0
        var gain = 1.0
        /// What every sample has too much.
        var dcOffset: Float = 0
        var first = 0.4
        var seconds = 36.0
        var channels = Channels.mono
    }

    init(_ traits: Traits) {
        var drums = SynthesisedMusic(seconds: traits.seconds)
        var chords = SynthesisedMusic(seconds: traits.seconds)
        beats = CorpusTrack.beats(traits)
        beatsPerBar = traits.beatsPerBar
        let harmony = [[57, 60, 64], [53, 57, 60], [48, 52, 55], [55, 59, 62]].map { $0.map { $0 + traits.transposed } }
        for (index, beat) in beats.enumerated() {
            let next = index + 1 < beats.count ? beats[index + 1] : beat + 60 / traits.tempo
            let period = next - beat
            let notes = harmony[index / traits.beatsPerBar % 4]
            if index % traits.beatsPerBar == 0 {
                let length = min(Double(traits.beatsPerBar) * period, traits.seconds - beat) - 0.05
                chords.chord(notes, beat, length: length, gain: 0.1)
            }
            guard beat >= traits.drumless.start, beat < traits.seconds - traits.drumless.end else { continue }
            if index % traits.beatsPerBar != 1 || traits.beatsPerBar == 4 { drums.kick(beat, gain: 0.5) }
            if index % traits.beatsPerBar == 1 || index % traits.beatsPerBar == 3 { drums.snare(beat, gain: 0.3) }
            drums.hat(beat + traits.swing * period)
            drums.chord([notes[0] - 24], beat + traits.swing * period, length: 0.35 * period, gain: 0.15)
        }
        let drive = Float(pow(10, traits.clippedBy / 20) * traits.gain)
        func driven(_ sample: Float) -> Float { min(1, max(-1, sample * drive)) }
        let sum = zip(drums.samples, chords.samples).map { driven($0 + $1) }
        samples = StereoBuffer(left: sum, right: sum)
        if traits.dcOffset != 0 {
            samples.left = samples.left.map { $0 + traits.dcOffset }
            samples.right = samples.right.map { $0 - traits.dcOffset / 2 }
        }
        switch traits.channels {
        case .mono: break
        case .wide: samples.right = zip(drums.samples, chords.samples).map { driven($0 - $1) }
        case .leftOnly: samples.right = [Float](repeating: 0, count: sum.count)
        }
    }

    init(silentSeconds: Double) {
        samples = StereoBuffer(frameCount: Int(silentSeconds * SynthesisedMusic.rate))
        beats = []
    }

    init(toneSeconds: Double) {
        var music = SynthesisedMusic(seconds: toneSeconds)
        music.sine(440, gain: 0.3)
        samples = StereoBuffer(left: music.samples, right: music.samples)
        beats = []
    }

    private static func beats(_ traits: Traits) -> [Double] {
        var numbers = SeededNumbers(state: 11)
        var beats: [Double] = []
        var at = traits.first
        while at < traits.seconds - 0.6 {
            beats.append(at + (traits.isLive ? Double.random(in: -0.004...0.004, using: &numbers) : 0))
            let wander = traits.isLive ? 0.01 * sin(2 * .pi * at / 17) : 0
            at += 60 / (traits.tempo * (1 + traits.drift * at / traits.seconds + wander))
        }
        return beats
    }
}

/// One pair of the corpus, and what must come of it.
struct CorpusPair: Sendable, CustomStringConvertible {
    let description: String
    let from: CorpusTrack.Traits
    let to: Other
    /// Styles that are right.
    let styles: Set<TransitionStyle>
    /// How far the whole may be from the loudness that is aimed at. **Units:** LU.
    var loudnessWithin = 0.5

    enum Other: Sendable {
        case music(CorpusTrack.Traits)
        case silence(Double)
        case tone(Double)
    }

    var outgoing: CorpusTrack { CorpusTrack(from) }

    var incoming: CorpusTrack {
        switch to {
        case .music(let traits): CorpusTrack(traits)
        case .silence(let seconds): CorpusTrack(silentSeconds: seconds)
        case .tone(let seconds): CorpusTrack(toneSeconds: seconds)
        }
    }

    private static let blends: Set<TransitionStyle> = [.longBlend, .shortBlend, .drumBlend]
    private static let fades: Set<TransitionStyle> = [.fade, .filterOut, .echoOut, .cut]

    static let tempo = CorpusPair(
        description: "tempo", from: .init(), to: .music(.init(tempo: 129)), styles: blends)

    static let all = [
        tempo,
        CorpusPair(
            description: "tempo, far", from: .init(tempo: 118), to: .music(.init(tempo: 126)), styles: blends),
        CorpusPair(
            description: "key", from: .init(seconds: 72), to: .music(.init(tempo: 125, transposed: 6, seconds: 72)),
            styles: [.drumBlend]),
        CorpusPair(
            description: "long", from: .init(seconds: 110), to: .music(.init(tempo: 126, seconds: 110)),
            styles: [.longBlend]),
        CorpusPair(
            description: "far apart", from: .init(seconds: 60), to: .music(.init(tempo: 145, seconds: 60)),
            styles: [.filterOut, .echoOut, .cut]),
        CorpusPair(description: "swing", from: .init(), to: .music(.init(tempo: 122, swing: 0.66)), styles: blends),
        CorpusPair(
            description: "breakdown", from: .init(drumless: (0, 9)), to: .music(.init(tempo: 126)),
            styles: blends.union(fades)),
        CorpusPair(
            description: "ambient intro", from: .init(), to: .music(.init(tempo: 126, drumless: (10, 0))),
            styles: blends.union(fades)),
        CorpusPair(
            description: "three and four", from: .init(beatsPerBar: 3, seconds: 60), to: .music(.init(seconds: 60)),
            styles: fades),
        CorpusPair(
            description: "half time", from: .init(tempo: 82, seconds: 52),
            to: .music(.init(tempo: 160, first: 0.3, seconds: 52)), styles: blends),
        CorpusPair(
            description: "drift", from: .init(drift: 0.004), to: .music(.init(tempo: 125)), styles: blends),
        CorpusPair(
            description: "drift, fast", from: .init(drift: 0.015), to: .music(.init(tempo: 125)),
            styles: blends.union(fades)),
        CorpusPair(
            description: "live", from: .init(isLive: true), to: .music(.init(tempo: 126)),
            styles: blends.union(fades)),
        CorpusPair(description: "silence", from: .init(), to: .silence(20), styles: [.fade, .filterOut]),
        CorpusPair(description: "one second", from: .init(), to: .tone(1), styles: [.fade, .filterOut]),
        CorpusPair(
            description: "mono after stereo", from: .init(channels: .wide), to: .music(.init(tempo: 127)),
            styles: blends),
        // All of the power on one side: the limiter takes off what that needs of peaks.
        CorpusPair(
            description: "one side", from: .init(channels: .leftOnly),
            to: .music(.init(tempo: 121, channels: .leftOnly)), styles: blends, loudnessWithin: 0.8),
        CorpusPair(
            description: "clipped master", from: .init(), to: .music(.init(tempo: 126, clippedBy: 14)),
            styles: blends),
        CorpusPair(
            description: "offset", from: .init(dcOffset: 0.05), to: .music(.init(tempo: 122, dcOffset: -0.08)),
            styles: blends),
        // A very quiet track is raised by 15 dB at most.
        CorpusPair(
            description: "quiet after loud", from: .init(clippedBy: 10), to: .music(.init(tempo: 123, gain: 0.1)),
            styles: blends, loudnessWithin: 2.5),
    ]
}
