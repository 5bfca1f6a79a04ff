import Foundation

/// Chooses among the styles in which no beat is claimed to fit.
///
/// Where either side's beats are not trusted: an equal-power fade, which is honest whatever the music does. Where both
/// are and only the tempi do not meet: a cut between a track that ends on its bar line and one that begins on its
/// first, an echo where the outgoing track is still loud and the incoming one begins in earnest, else a filter.
struct UnmatchedPair {
    let from: TrackAnalysis
    let to: TrackAnalysis
    let settings: MixSettings

    /// What still counts as loud, below a track's own loudness. **Units:** LU.
    static let loudWithin = 6.0
    /// Colours farther apart than this are a jolt: 1.8 a coefficient are 6 dB a band. **Units:** dB, as in `BeatTimbre.distance`.
    static let resemblanceMax = 1.8
    /// How near a bar line an end or a beginning lies on it. **Units:** s.
    static let onBarSeconds = 0.08
    /// Bars before its end in which a track may be left by an echo.
    static let echoBarsMax = 16
    /// Beats that an echo lasts, its longest time, and how loud each beat is against the one before.
    static let echoBeats = 8
    static let echoSecondsMax = 5.0
    static let echoGain = 0.75
    /// Frames in which the incoming track comes up before its first bar line.
    static let leadFrames: Int64 = 480
    /// A cut or an echo that would change the spectrum by more at once is a jolt. **Units:** dB.
    static let jumpMax = SpectrumForecast.jumpMax
    /// A cut's overlap. **Units:** frames.
    static let cutFrames: Int64 = 960

    func plan(notBefore: Int64, isSoon: Bool, because reason: String) -> TransitionPlan {
        let fade = PlainFade(from: from, to: to, settings: settings)
        guard let outgoing = BarGrid(from), let incoming = BarGrid(to) else {
            return fade.plan(notBefore: notBefore, isSoon: isSoon, because: reason)
        }
        let curves = PairCurves(
            from, to, notBefore: AudioFormat.seconds(notBefore), isSoon: isSoon, settings: settings)
        let pair = Pair(outgoing: outgoing, incoming: incoming, curves: curves)
        if let plan = cut(pair, notBefore: notBefore, isSoon: isSoon, because: reason) { return plan }
        if let plan = echo(pair, notBefore: notBefore, isSoon: isSoon, because: reason) { return plan }
        return fade.plan(
            notBefore: notBefore, isSoon: isSoon, because: reason, filters: isLoud(pair.levels.0, before: soundEnd))
    }

    private struct Pair {
        let outgoing: BarGrid
        let incoming: BarGrid
        let curves: PairCurves
        var levels: (LevelCurve, LevelCurve) { (curves.outgoing, curves.incoming) }
    }

    /// Whether one can go over into the other at once without a jolt: a beat of one sounds much like one of the other.
    /// Where that is not known, no.
    private func resemble(_ pair: Pair, leaving seconds: Double, entering start: Double) -> Bool {
        func beat(_ grid: BarGrid, at seconds: Double) -> Int { grid.beats.firstIndex { $0 >= seconds - 0.05 } ?? 0 }
        let (out, into) = (beat(pair.outgoing, at: seconds), beat(pair.incoming, at: start))
        let (one, other) = (TrackShape(from), TrackShape(to))
        let distances = (0..<4).compactMap { one.distance(beat: out - 1 - $0, to: other, beat: into + $0) }
        guard !distances.isEmpty else { return false }
        return distances.reduce(0, +) / Double(distances.count) <= UnmatchedPair.resemblanceMax
    }

    private var soundEnd: Double { SoundingPart(from).end }

    private func isLoud(_ level: LevelCurve, before seconds: Double) -> Bool {
        decibels(level.power(at: seconds - 1.5)) > settings.targetLoudness - UnmatchedPair.loudWithin
    }

    private func isLoud(_ level: LevelCurve, after seconds: Double) -> Bool {
        decibels(level.power(at: seconds + 1.5)) > settings.targetLoudness - UnmatchedPair.loudWithin
    }

    /// The first bar line of the incoming track's sound. **Units:** s.
    private func entry(_ incoming: BarGrid) -> Double? {
        let start = SoundingPart(to).start
        return incoming.bars.first { incoming.beats[$0] >= start - UnmatchedPair.onBarSeconds }
            .map { incoming.beats[$0] }
    }

    private func cut(_ pair: Pair, notBefore: Int64, isSoon: Bool, because reason: String) -> TransitionPlan? {
        let near = UnmatchedPair.onBarSeconds
        guard !isSoon, let entry = entry(pair.incoming), abs(entry - SoundingPart(to).start) <= near,
            let last = pair.outgoing.bars.map({ pair.outgoing.beats[$0] }).min(by: {
                abs($0 - soundEnd) < abs($1 - soundEnd)
            }), abs(last - soundEnd) <= near, isLoud(pair.levels.0, before: last), isLoud(pair.levels.1, after: entry),
            resemble(pair, leaving: last, entering: entry)
        else { return nil }
        let lead = UnmatchedPair.cutFrames / 2
        let outgoingFrame = AudioFormat.frames(last) - lead
        guard outgoingFrame >= notBefore, AudioFormat.frames(entry) >= lead else { return nil }
        let fade = Fade(startFrame: 0, endFrame: UnmatchedPair.cutFrames)
        let forecast = OverlapForecast(
            outgoing: pair.levels.0, incoming: pair.levels.1, outgoingStart: last, incomingStart: entry, seconds: 0.02)
        let spectrum = pair.curves.spectrum(
            SpectrumForecast.Place(outgoingStart: last, incomingStart: entry, outgoingSeconds: 0)
        ) { SpectrumForecast.Gains(bass: $0, middle: $0, treble: $0) }
        guard spectrum?.jump ?? 0 <= UnmatchedPair.jumpMax else { return nil }
        return finish(
            .cut, reason: "\(reason), cut on the bar", outgoingFrame: outgoingFrame,
            incomingFrame: AudioFormat.frames(entry) - lead, overlap: UnmatchedPair.cutFrames, fadeOut: fade,
            fadeIn: fade,
            title: lead, forecast: forecast, spectrum: spectrum)
    }

    private func echo(_ pair: Pair, notBefore: Int64, isSoon: Bool, because reason: String) -> TransitionPlan? {
        let delay = pair.outgoing.period
        guard AudioFormat.frames(delay) <= EchoTail.delayFramesMax, let entry = entry(pair.incoming),
            isLoud(pair.levels.1, after: entry), isSoon || isLoud(pair.levels.0, before: soundEnd)
        else { return nil }
        let lead = UnmatchedPair.leadFrames
        let seconds = min(Double(UnmatchedPair.echoBeats) * delay, UnmatchedPair.echoSecondsMax)
        guard seconds <= SoundingPart(to).seconds / 3 else { return nil }
        let earliest = AudioFormat.seconds(notBefore + lead) + delay
        let lines = pair.outgoing.bars.indices.filter { bar in
            let line = pair.outgoing.beats[pair.outgoing.bars[bar]]
            return line >= earliest && line <= soundEnd + delay / 4 && isLoud(pair.levels.0, before: line)
        }
        let near = isSoon ? lines.prefix(BeatMatch.phraseBars) : lines.suffix(UnmatchedPair.echoBarsMax)
        // The last line that begins a phrase, or the last: what follows it is thrown away.
        guard let bar = near.last(where: { $0 % BeatMatch.phraseBars == 0 }) ?? near.last else { return nil }
        let line = pair.outgoing.beats[pair.outgoing.bars[bar]]
        guard resemble(pair, leaving: line, entering: entry) else { return nil }
        let held = pair.levels.0.power(at: line - 1.5)
        let forecast = OverlapForecast(
            before: pair.levels.0.powerBefore(line), after: pair.levels.1.powerAfter(entry + seconds),
            outgoing: { share in
                let falling = cos(share * .pi / 2)
                return held * pow(UnmatchedPair.echoGain, 2 * share * seconds / delay) * falling * falling
            }, incoming: { share in pair.levels.1.power(at: entry + share * seconds) })
        guard forecast.dip >= -3, AudioFormat.frames(entry) >= lead else { return nil }
        // The last beat's sound stands for all of its echo.
        let spectrum = pair.curves.spectrum(
            SpectrumForecast.Place(
                outgoingStart: line - delay / 2, incomingStart: entry, outgoingSeconds: 0, incomingSeconds: seconds,
                seconds: seconds)
        ) { share in
            var gains = SpectrumForecast.Gains(bass: 1, middle: 1, treble: 1)
            let falling = cos(share * .pi / 2)
            let held = pow(UnmatchedPair.echoGain, 2 * share * seconds / delay) * falling * falling
            gains.outgoing = (0, held, held)
            return gains
        }
        guard isSoon || spectrum?.jump ?? 0 <= UnmatchedPair.jumpMax else { return nil }
        let overlap = AudioFormat.frames(seconds) + lead
        let fadeOut = Fade(
            startFrame: lead, endFrame: overlap, bassSwap: Fade.Span(startFrame: 0, endFrame: lead),
            echo: Fade.Echo(startFrame: lead, delayFrames: AudioFormat.frames(delay), gain: UnmatchedPair.echoGain))
        return finish(
            .echoOut, reason: "\(reason), echo out", outgoingFrame: AudioFormat.frames(line) - lead,
            incomingFrame: AudioFormat.frames(entry) - lead, overlap: overlap, fadeOut: fadeOut,
            fadeIn: Fade(startFrame: 0, endFrame: lead), title: lead, forecast: forecast, spectrum: spectrum)
    }

    private func finish(
        _ style: TransitionStyle, reason: String, outgoingFrame: Int64, incomingFrame: Int64, overlap: Int64,
        fadeOut: Fade, fadeIn: Fade, title: Int64, forecast: OverlapForecast,
        spectrum: SpectrumForecast?
    ) -> TransitionPlan {
        TransitionPlan(
            style: style, reason: reason,
            cost: TransitionOutlook.unmatchedCost(key: KeyRelation(from, to), forecast: forecast),
            outgoingFrame: outgoingFrame, incomingFrame: incomingFrame, overlapFrames: overlap, outgoingMap: [],
            incomingMap: [MapKnot(sourceFrame: Double(incomingFrame), outputFrame: 0)], fadeOut: fadeOut,
            fadeIn: fadeIn, titleFrame: title, expectedStepLoudnessUnits: forecast.step,
            expectation: TransitionExpectation(
                dip: forecast.dip, bump: forecast.bump, spectralJump: spectrum?.jump, bassOverlapSeconds: 0,
                keyDistance: KeyRelation.distance(from, to)))
    }
}
