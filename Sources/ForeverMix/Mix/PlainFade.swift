import Foundation

/// Plans a fade between the sounding parts of two tracks, whose powers add up to 1 and whose balance goes evenly.
struct PlainFade {
    let from: TrackAnalysis
    let to: TrackAnalysis
    let settings: MixSettings

    /// The shortest fade: long enough not to click. **Units:** s.
    static let secondsLeast = 0.05

    /// How long the basses take to change hands at most, and how long both sound then. **Units:** s.
    static let bassSeconds = 4.0
    static let bothBassesSeconds = 1.2
    /// The same with filters.
    static let filterBassSeconds = 0.5
    /// How much of an end and of a beginning may be thrown away for an even place. **Units:** s.
    static let backSecondsMax = 40.0
    static let aheadSecondsMax = 16.0
    /// What a second that is thrown away, and a second of fade, costs against `OverlapForecast.cost`.
    static let secondCost = 0.004
    /// What a second costs in which both sing.
    static let voicesCost = 0.05

    /// How far basses are turned down at least and at most.
    static let (bassGain, bassGainMin) = (0.8, 0.65)
    /// The deepest hole beside which they are. **Units:** LU.
    static let trimmedDipMax = 1.5

    /// With `filters` the bands go one after the other.
    func plan(
        notBefore: Int64, isSoon: Bool, because reason: String, filters: Bool = false
    ) -> TransitionPlan {
        let place = place(earliest: AudioFormat.seconds(notBefore), isSoon: isSoon, filters: filters)
        let (start, seconds, forecast) = (place.start, place.seconds, place.forecast)
        let incomingFrame = AudioFormat.frames(place.entry)
        let overlap = AudioFormat.frames(seconds)
        var (fadeOut, fadeIn, style) = fades(overlap, filters: filters)
        if fadeIn.bassSwap != nil, let trim = bassTrim(forecast, overlap) {
            (fadeOut.bassTrim, fadeIn.bassTrim) = (trim, trim)
        }
        let word = style == .filterOut ? "filter out" : "fade"
        return TransitionPlan(
            style: style, reason: "\(reason), \(spoken(seconds)) s \(word)",
            cost: TransitionOutlook.unmatchedCost(key: KeyRelation(from, to), forecast: forecast),
            outgoingFrame: max(AudioFormat.frames(start), notBefore), incomingFrame: incomingFrame,
            overlapFrames: overlap, outgoingMap: [],
            incomingMap: [MapKnot(sourceFrame: Double(incomingFrame), outputFrame: 0)], fadeOut: fadeOut,
            fadeIn: fadeIn, titleFrame: Int64(forecast.crossing * Double(overlap)),
            expectedStepLoudnessUnits: forecast.step,
            expectation: TransitionExpectation(
                dip: forecast.dip, bump: forecast.bump, spectralJump: place.spectrum?.jump,
                bassOverlapSeconds: min(seconds, filters ? PlainFade.filterBassSeconds : PlainFade.bothBassesSeconds),
                keyDistance: KeyRelation.distance(from, to)))
    }

    /// How far the basses are turned down: alike ones add up to more than their powers do, and what would stand out even so
    /// goes down further. nil where that would leave a hole.
    private func bassTrim(_ forecast: OverlapForecast, _ overlap: Int64) -> Fade.Trim? {
        guard forecast.dip > -PlainFade.trimmedDipMax else { return nil }
        let gain = min(PlainFade.bassGain, pow(10, -forecast.bassBump / 20))
        return Fade.Trim(gain: max((gain * 100).rounded() / 100, PlainFade.bassGainMin), frames: overlap / 4)
    }

    /// Where the outgoing track begins to go, where the incoming one comes in, and how long both sound. **Units:** s.
    private struct Place {
        var start: Double
        var entry: Double
        var seconds: Double
        var forecast: OverlapForecast
        var spectrum: SpectrumForecast?
    }

    /// The place near the ends where level and colour change least at once: what dies away, what comes up slowly, and
    /// what changes by itself leaves a hole or a jolt if it is waited for.
    private func place(earliest: Double, isSoon: Bool, filters: Bool) -> Place {
        let (outgoing, incoming) = (SoundingPart(from), SoundingPart(to))
        let curves = PairCurves(from, to, notBefore: earliest, isSoon: isSoon, settings: settings)
        let shape: Fade.Shape = filters ? .equalPower : .steady
        let (shortest, longest) = (settings.fadeSecondsMin, max(settings.fadeSecondsMin, settings.fadeSecondsMax))
        let shapes = (TrackShape(from), TrackShape(to))
        // Keys that clash are soon over with.
        let lengths =
            isSoon || KeyRelation(from, to) == .apart
            ? [shortest] : [shortest, (shortest * longest).squareRoot(), longest]
        let backMax = isSoon ? 0 : min(PlainFade.backSecondsMax, outgoing.seconds / 4)
        let aheadMax = min(PlainFade.aheadSecondsMax, incoming.seconds / 8)
        let lines = (FadeLines(from), FadeLines(to))
        let areKnown = !lines.0.isEmpty && !lines.1.isEmpty
        let lengthMax = min(
            lengths[lengths.count - 1] + FadeLines.farthestSeconds, outgoing.seconds / 3, incoming.seconds / 3)
        var best: (place: Place, cost: Double)?
        for wished in lengths {
            for back in stride(from: 0, through: backMax, by: 1) {
                for ahead in stride(from: 0, through: aheadMax, by: 2) {
                    var seconds = min(wished, outgoing.seconds / 3, incoming.seconds / 3)
                    var start = isSoon ? max(earliest, outgoing.start) : outgoing.end - back - seconds
                    if start < earliest {
                        start = earliest
                        seconds = min(seconds, outgoing.end - start)
                    }
                    seconds = max(seconds, PlainFade.secondsLeast)
                    var entry = incoming.start + ahead
                    if areKnown {
                        if let line = lines.0.last(until: start), line >= earliest {
                            // It ends where it would have, if that makes it no longer than any may be.
                            seconds = max(seconds, min(seconds + start - line, lengthMax))
                            start = line
                        } else if let line = lines.0.first(from: earliest), line < outgoing.end - seconds / 2 {
                            start = line
                            seconds = min(seconds, outgoing.end - start)
                        }
                        if let line = lines.1.first(from: entry), line + seconds <= incoming.end { entry = line }
                    }
                    var forecast = OverlapForecast(
                        outgoing: curves.outgoing, incoming: curves.incoming, outgoingStart: start,
                        incomingStart: entry, seconds: seconds, shape: shape)
                    var cost = PlainFade.secondCost * (back + ahead + seconds)
                    if !isSoon { cost += TransitionPlanner.hasteCost(alone: start - earliest) }
                    cost += PlainFade.voicesCost * PlainFade.sung(shapes, from: start, entry, seconds: seconds)
                    guard cost + forecast.levelCost < best?.cost ?? .infinity else { continue }
                    let spectrum = curves.spectrum(
                        SpectrumForecast.Place(
                            outgoingStart: start, incomingStart: entry, outgoingSeconds: seconds),
                        gains: gains(seconds: seconds, filters: filters))
                    forecast.hear(spectrum)
                    cost += forecast.cost + curves.cost(spectrum)
                    if cost < best?.cost ?? .infinity {
                        let place = Place(
                            start: start, entry: entry, seconds: seconds, forecast: forecast, spectrum: spectrum)
                        best = (place, cost)
                    }
                }
            }
        }
        return best!.place
    }

    /// Seconds in which both sides sing and neither is far below the other: the middle half.
    private static func sung(_ shapes: (TrackShape, TrackShape), from start: Double, _ entry: Double, seconds: Double)
        -> Double
    {
        let points = 4
        let sum = (0..<points).reduce(0.0) { sum, point in
            let into = (0.25 + 0.5 * (Double(point) + 0.5) / Double(points)) * seconds
            return sum
                + min(
                    shapes.0.activity(\.voice, at: start + into) ?? 0, shapes.1.activity(\.voice, at: entry + into) ?? 0
                )
        }
        return sum / Double(points) * seconds / 2
    }

    /// When a band goes from one track to the other, in shares of the overlap.
    private typealias Shares = (from: Double, to: Double)
    /// With filters: the outgoing track's middle and treble go, the incoming one's come.
    private static let middleGoes: Shares = (0.25, 0.75)
    private static let trebleGoes: Shares = (0.5, 1)
    private static let middleComes: Shares = (0, 0.6)
    private static let trebleComes: Shares = (0.1, 0.7)
    /// Where the middle of the basses' change lies.
    private static let (bassMiddle, filterBassMiddle) = (0.5, 0.375)

    /// How far each band has gone over at a share of the overlap, as `fades` has it.
    private func gains(seconds: Double, filters: Bool) -> (Double) -> SpectrumForecast.Gains {
        let shape: Fade.Shape = filters ? .equalPower : .steady
        let bassRate = max(1, seconds / (filters ? PlainFade.filterBassSeconds : PlainFade.bassSeconds))
        let bassMiddle = filters ? PlainFade.filterBassMiddle : PlainFade.bassMiddle
        return { share in
            let bass = FadeCurve.power((share - bassMiddle) * bassRate + 0.5, shape)
            let power = FadeCurve.power(share, shape)
            var gains = SpectrumForecast.Gains(bass: bass, middle: power, treble: power)
            guard filters else { return gains }
            func reached(_ shares: Shares) -> Double {
                FadeCurve.power((share - shares.from) / (shares.to - shares.from), shape)
            }
            gains.outgoing.middle = 1 - reached(PlainFade.middleGoes)
            gains.outgoing.treble = 1 - reached(PlainFade.trebleGoes)
            gains.incoming.middle = reached(PlainFade.middleComes)
            gains.incoming.treble = reached(PlainFade.trebleComes)
            return gains
        }
    }

    /// Basses change hands in the middle. With `filters` the outgoing track goes from below, while
    /// the incoming one comes in early: the bands overlap one after the other.
    private func fades(
        _ overlap: Int64, filters: Bool
    ) -> (out: Fade, in: Fade, style: TransitionStyle) {
        func span(_ shares: Shares) -> Fade.Span {
            Fade.Span(startFrame: Int64(shares.from * Double(overlap)), endFrame: Int64(shares.to * Double(overlap)))
        }
        let longest = filters ? PlainFade.filterBassSeconds : PlainFade.bassSeconds
        let swap = min(overlap, AudioFormat.frames(longest))
        guard filters else {
            var fade = Fade(startFrame: 0, endFrame: overlap, shape: .steady)
            if swap < overlap {
                fade.bassSwap = Fade.Span(startFrame: (overlap - swap) / 2, endFrame: (overlap + swap) / 2)
            }
            return (fade, fade, .fade)
        }
        var fade = Fade(startFrame: 0, endFrame: overlap)
        let middle = Int64(PlainFade.filterBassMiddle * Double(overlap))
        fade.bassSwap = Fade.Span(startFrame: middle - swap / 2, endFrame: middle + swap / 2)
        var coming = fade
        (fade.middle, fade.treble) = (span(PlainFade.middleGoes), span(PlainFade.trebleGoes))
        (coming.middle, coming.treble) = (span(PlainFade.middleComes), span(PlainFade.trebleComes))
        return (fade, coming, .filterOut)
    }

    private func spoken(_ seconds: Double) -> String {
        seconds < 1 ? String(format: "%.1f", seconds) : String(Int(seconds.rounded()))
    }
}

/// The part of a track between the silences at its ends. **Units:** s.
struct SoundingPart {
    let start: Double
    let end: Double
    var seconds: Double { end - start }

    /// What is left of a track without any sound. **Units:** s.
    static let silentSecondsMax = 0.5

    /// A wholly silent track counts as its first half second, so that it does not hold up the mix.
    init(_ analysis: TrackAnalysis) {
        let duration = max(analysis.duration, 0)
        let low = min(max(analysis.soundStart, 0), duration)
        let high = min(max(analysis.soundEnd, 0), duration)
        if high > low && analysis.loudness > -69.9 {
            (start, end) = (low, high)
        } else {
            (start, end) = (0, min(duration, SoundingPart.silentSecondsMax))
        }
    }
}
