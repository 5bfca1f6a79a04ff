import Foundation
import ForeverMix

/// A short track of the regression corpus: what it sounds like and where its beats truly are.
struct CorpusTrack {
    var sound: SynthesisedMusic
    /// **Units:** s.
    var beats: [Double]

    struct Traits {
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
        /// Driven so many decibels into clipping.
        var clippedBy = 0.0
        var gain = 1.0
        var first = 0.4
        var seconds = 36.0
    }

    init(_ traits: Traits) {
        var music = SynthesisedMusic(seconds: traits.seconds)
        var beats: [Double] = []
        var at = traits.first
        while at < traits.seconds - 0.6 {
            beats.append(at)
            at += 60 / (traits.tempo * (1 + traits.drift * at / traits.seconds))
        }
        let chords = [[57, 60, 64], [53, 57, 60], [48, 52, 55], [55, 59, 62]].map { $0.map { $0 + traits.transposed } }
        for (index, beat) in beats.enumerated() {
            let next = index + 1 < beats.count ? beats[index + 1] : beat + 60 / traits.tempo
            let period = next - beat
            let notes = chords[index / traits.beatsPerBar % 4]
            if index % traits.beatsPerBar == 0 {
                let length = min(Double(traits.beatsPerBar) * period, traits.seconds - beat) - 0.05
                music.chord(notes, beat, length: length)
            }
            guard beat >= traits.drumless.start, beat < traits.seconds - traits.drumless.end else { continue }
            if index % traits.beatsPerBar != 1 || traits.beatsPerBar == 4 { music.kick(beat) }
            if index % traits.beatsPerBar == 1 || index % traits.beatsPerBar == 3 { music.snare(beat) }
            music.hat(beat + traits.swing * period)
            music.chord([notes[0] - 24], beat + traits.swing * period, length: 0.35 * period, gain: 0.15)
        }
        let drive = Float(pow(10, traits.clippedBy / 20) * traits.gain)
        for i in music.samples.indices { music.samples[i] = min(1, max(-1, music.samples[i] * drive)) }
        sound = music
        self.beats = beats
    }

    init(silentSeconds: Double) {
        sound = SynthesisedMusic(seconds: silentSeconds)
        beats = []
    }

    init(toneSeconds: Double) {
        sound = SynthesisedMusic(seconds: toneSeconds)
        sound.sine(440, gain: 0.3)
        beats = []
    }
}

/// One pair of the corpus, and what must come of it.
struct CorpusPair: Sendable, CustomStringConvertible {
    let description: String
    let from: CorpusTrack.Traits
    let to: Other
    /// Styles that are right.
    let styles: Set<TransitionStyle>
    /// Bars that the pair may miss, because its music is so.
    var forgiven: Set<TransitionReport.Bar> = []

    enum Other: Sendable {
        case music(CorpusTrack.Traits)
        case silence(Double)
        case tone(Double)
    }

    var incoming: CorpusTrack {
        switch to {
        case .music(let traits): CorpusTrack(traits)
        case .silence(let seconds): CorpusTrack(silentSeconds: seconds)
        case .tone(let seconds): CorpusTrack(toneSeconds: seconds)
        }
    }

    private static let blends: Set<TransitionStyle> = [.longBlend, .shortBlend, .drumBlend]
    private static let fades: Set<TransitionStyle> = [.fade, .filterOut, .echoOut, .cut]

    static let all = [
        CorpusPair(description: "tempo", from: .init(), to: .music(.init(tempo: 129)), styles: blends),
        CorpusPair(
            description: "tempo, far", from: .init(tempo: 118), to: .music(.init(tempo: 126)), styles: blends,
            forgiven: [.levelStep]),
        CorpusPair(
            description: "key", from: .init(), to: .music(.init(tempo: 125, transposed: 6)), styles: blends),
        CorpusPair(description: "swing", from: .init(), to: .music(.init(tempo: 122, swing: 0.66)), styles: blends),
        CorpusPair(
            description: "breakdown", from: .init(drumless: (0, 9)), to: .music(.init(tempo: 126)),
            styles: blends.union(fades), forgiven: [.dip, .bump, .levelStep, .spectralJump]),
        CorpusPair(
            description: "ambient intro", from: .init(), to: .music(.init(tempo: 126, drumless: (10, 0))),
            styles: blends.union(fades), forgiven: [.dip, .bump, .levelStep, .spectralJump]),
        CorpusPair(
            description: "three and four", from: .init(tempo: 150, beatsPerBar: 3), to: .music(.init()),
            styles: fades.union(blends), forgiven: [.spectralJump]),
        CorpusPair(
            description: "half time", from: .init(tempo: 86, seconds: 52),
            to: .music(.init(tempo: 168, seconds: 52)), styles: blends),
        CorpusPair(
            description: "drift", from: .init(drift: 0.015), to: .music(.init(tempo: 125)),
            styles: blends.union(fades)),
        CorpusPair(
            description: "silence", from: .init(), to: .silence(20), styles: [.fade, .filterOut],
            forgiven: Set(TransitionReport.Bar.allCases)),
        CorpusPair(
            description: "one second", from: .init(), to: .tone(1), styles: [.fade, .filterOut],
            forgiven: Set(TransitionReport.Bar.allCases)),
        CorpusPair(
            description: "clipped master", from: .init(), to: .music(.init(tempo: 126, clippedBy: 14)),
            styles: blends, forgiven: [.spectralJump]),
        CorpusPair(
            description: "quiet after loud", from: .init(clippedBy: 10), to: .music(.init(tempo: 123, gain: 0.1)),
            styles: blends, forgiven: [.spectralJump]),
    ]
}
