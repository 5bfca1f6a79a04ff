import ForeverMix
import Foundation

/// What one transition measures from outside: from the mix, its sources and where they lie in it.
struct TransitionFigures {
    /// How far common beats are apart; empty where none of the other track is near. **Units:** ms.
    private(set) var beats: [Double] = []
    /// Distance of bar lines as a share of a beat; nil where none is known.
    private(set) var downbeat: Double?
    /// **Units:** LU.
    private(set) var levelStep: Double?
    private(set) var dip: Double?
    private(set) var bump: Double?
    /// **Units:** s and dB.
    private(set) var bothBasses = 0.0
    private(set) var bassBump = -99.0
    /// **Units:** dB.
    private(set) var spectralJump: Double?
    private(set) var clicks = 0
    private(set) var gaps = 0

    private let mix: SoundFeatures
    private let sounds: [SoundFeatures]
    private let tracks: [MixLayout.Track]
    private let start: Double
    private let end: Double

    /// `sounds` are those of the layout's tracks.
    init(_ transition: MixLayout.Transition, _ layout: MixLayout, mix: SoundFeatures, sounds: [SoundFeatures]) {
        self.mix = mix
        self.sounds = [sounds[transition.out], sounds[transition.in]]
        tracks = [layout.tracks[transition.out], layout.tracks[transition.in]]
        start = transition.start
        end = transition.end
        measureBeats()
        measureLevels()
        measureBasses()
        measureSpectrum()
        measureClicksAndGaps()
    }

    private mutating func measureBeats() {
        /// From each beat of the track with fewer in the overlap to the other's nearest, where one is near.
        func deviations(_ times: KeyPath<MixLayout.Track, [Double]>) -> [Double] {
            let places = tracks.map { $0[keyPath: times].map($0.output) }
            let inside = places.map { $0.filter { $0 >= start - 0.05 && $0 <= end + 0.05 } }
            let fewer = inside[0].count <= inside[1].count ? 0 : 1
            let steps = zip(inside[1 - fewer].dropFirst(), inside[1 - fewer]).map { $0 - $1 }.sorted()
            guard !steps.isEmpty else { return [] }
            return inside[fewer].compactMap { beat in places[1 - fewer].map { $0 - beat }.min { abs($0) < abs($1) } }
                .filter { abs($0) < 0.75 * steps[steps.count / 2] }
        }
        beats = deviations(\.beats).map { 1_000 * $0 }
        let bars = deviations(\.downbeats).map(abs).sorted()
        let inside = tracks.map { track in track.beats.map(track.output).filter { $0 >= start && $0 <= end } }
        let period = inside.compactMap { $0.count > 1 ? ($0[$0.count - 1] - $0[0]) / Double($0.count - 1) : nil }.min()
        if let period, !bars.isEmpty { downbeat = bars[bars.count / 2] / period }
    }

    /// The step is what the two tracks, each at its own loudness, do not have there by themselves.
    private mutating func measureLevels() {
        guard let before = mix.loudness(from: start - 11.5, to: start - 1.5),
            let after = mix.loudness(from: end + 1.5, to: end + 11.5)
        else { return }
        let sides = [(start - 11.5, start - 1.5), (end + 1.5, end + 11.5)]
        let own = zip(zip(sounds, tracks), sides).map { source, side in
            source.0.loudness(from: source.1.source(side.0), to: source.1.source(side.1)).map {
                $0 - source.0.integrated
            }
        }
        if let out = own[0], let into = own[1] { levelStep = after - before - (into - out) }
        let inside = mix.shortTerm.filter { $0.seconds >= start && $0.seconds <= end }.map(\.loudness)
        dip = inside.min().map { $0 - min(before, after) }
        bump = inside.max().map { $0 - max(before, after) }
    }

    /// What each side has of the mix's bass, by least squares over two seconds, where their basses do not move alike:
    /// two kicks on one beat cannot be told apart.
    private mutating func measureBasses() {
        let rate = Double(AudioFormat.sampleRate) / Double(SoundFeatures.bassFrames)
        func power(_ from: Double, _ to: Double) -> Double {
            let range = Int(max(0, from) * rate)..<max(Int(max(0, from) * rate), min(mix.bass.count, Int(to * rate)))
            return range.isEmpty ? 0 : range.reduce(0.0) { $0 + Double(mix.bass[$1]) } / Double(range.count)
        }
        let base = max(power(start - 10, start), power(end, end + 10), 1e-12)
        func sourceBass(_ side: Int, _ at: Int) -> Double {
            let time = tracks[side].source(Double(at) / rate)
            let index = Int((time * rate).rounded())
            return sounds[side].bass.indices.contains(index) ? Double(sounds[side].bass[index]) : 0
        }
        for from in stride(from: start, through: end - 2, by: 1) {
            let window = Int(from * rate)..<min(mix.bass.count, Int((from + 2) * rate))
            guard !window.isEmpty else { break }
            var (aa, bb, ab, ay, by, a, b, y) = (1e-15, 1e-15, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
            for at in window {
                let (out, into, both) = (sourceBass(0, at), sourceBass(1, at), Double(mix.bass[at]))
                aa += out * out
                bb += into * into
                ab += out * into
                ay += out * both
                by += into * both
                a += out
                b += into
                y += both
            }
            let count = Double(window.count)
            let determinant = aa * bb - ab * ab
            if determinant > 0.2 * aa * bb {
                var gains = ((ay * bb - by * ab) / determinant, (by * aa - ay * ab) / determinant)
                if gains.0 < 0 { gains = (0, by / bb) } else if gains.1 < 0 { gains = (ay / aa, 0) }
                if min(gains.0 * a, gains.1 * b) / count > base * pow(10, -0.9) { bothBasses += 1 }
            }
            bassBump = max(bassBump, 10 * log10(max(y / count, 1e-12) / base))
        }
    }

    private mutating func measureSpectrum() {
        let count = SoundFeatures.bandCount
        let span = 2 * AudioFormat.sampleRate / SoundFeatures.chunkFrames
        let rate = Double(AudioFormat.sampleRate) / Double(SoundFeatures.chunkFrames)
        let last = mix.bands.count / count
        let first = max(span, Int((start - 2) * rate))
        let end = min(last - span, Int((self.end + 2) * rate))
        guard first < end, let most = mix.bands.max() else { return }
        let floor = Double(most) * 1e-6
        func mean(_ band: Int, _ range: Range<Int>) -> Double {
            range.reduce(0.0) { $0 + Double(mix.bands[$1 * count + band]) } / Double(range.count) + floor
        }
        spectralJump = (first..<end).map { at in
            let squares = (0..<count).map { band in
                let change = 10 * log10(mean(band, at..<at + span) / mean(band, at - span..<at))
                return change * change
            }
            return (squares.reduce(0, +) / Double(count)).squareRoot()
        }.max()
    }

    /// A click bends the wave more than both sources near it do at their levels. A gap is silence of more than 50 ms
    /// where the track that leads sounds, or of more than 400 ms.
    private mutating func measureClicksAndGaps() {
        let rate = Double(AudioFormat.sampleRate) / Double(SoundFeatures.levelFrames)
        let sides = [(start - 11.5, start - 1.5), (end + 1.5, end + 11.5)]
        let gains = zip(zip(sounds, tracks), sides).map { source, side -> Float in
            guard let here = mix.loudness(from: side.0, to: side.1),
                let own = source.0.loudness(from: source.1.source(side.0), to: source.1.source(side.1))
            else { return 1 }
            return Float(pow(10, min(20, here - own) / 20))
        }
        var quiet = (missing: 0, any: 0)
        var lastClick = -1_000
        for at in Int(max(0, start - 2) * rate)..<min(mix.levels.count, Int((end + 2) * rate)) {
            let time = Double(at) / rate
            let leader = time < (start + end) / 2 ? 0 : 1
            var isMissing = false
            var bend: Float = 0
            for side in 0..<2 {
                let place = Int(tracks[side].source(time) * rate)
                if side == leader, sounds[side].levels.indices.contains(place) {
                    isMissing = gains[side] * sounds[side].levels[place] > 0.01
                }
                for near in place - 3...place + 3 where sounds[side].bends.indices.contains(near) {
                    bend = max(bend, gains[side] * sounds[side].bends[near])
                }
            }
            let isQuiet = mix.levels[at] < 1e-3
            quiet = (isQuiet && isMissing ? quiet.missing + 1 : 0, isQuiet ? quiet.any + 1 : 0)
            if quiet.missing == 11 || quiet.any == 81 { gaps += 1 }
            if mix.bends[at] > 2 * bend + 0.01, at - lastClick > 2 {
                clicks += 1
                lastClick = at
            }
        }
    }
}
