import Foundation

/// Plans an equal-power fade between the sounding parts of two tracks.
struct PlainFade {
    let from: TrackAnalysis
    let to: TrackAnalysis
    let settings: MixSettings

    /// The shortest fade: long enough not to click. **Units:** s.
    static let secondsLeast = 0.05

    /// How long the basses take to change hands. **Units:** s.
    static let bassSeconds = 0.5
    /// A hole up to this is left alone. **Units:** LU.
    static let dipMax = 2.0
    /// How much of a dying end and of a slow beginning may be thrown away. **Units:** s.
    static let backSecondsMax = 24.0
    static let aheadSecondsMax = 8.0
    /// What a second that is thrown away costs, against `OverlapForecast.cost`.
    static let secondCost = 0.01

    /// With `filters` the bands go one after the other.
    func plan(
        notBefore: Int64, isSoon: Bool, because reason: String, filters: Bool = false
    ) -> TransitionPlan {
        let earliest = AudioFormat.seconds(notBefore)
        let outgoing = SoundingPart(from)
        let incoming = SoundingPart(to)
        let place = place(outgoing, incoming, earliest: earliest, isSoon: isSoon)
        let (start, seconds, forecast) = (place.start, place.seconds, place.forecast)
        let incomingFrame = AudioFormat.frames(place.entry)
        let overlap = AudioFormat.frames(seconds)
        let (fadeOut, fadeIn, style) = fades(overlap, filters: filters)
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
                dip: forecast.dip, bump: forecast.bump, bassOverlapSeconds: min(seconds, PlainFade.bassSeconds),
                keyDistance: KeyRelation.distance(from, to)))
    }

    /// Where the outgoing track begins to go, where the incoming one comes in, and how long both sound. **Units:** s.
    private struct Place {
        var start: Double
        var entry: Double
        var seconds: Double
        var forecast: OverlapForecast
    }

    /// The evenest place near the ends: what dies away, and what comes up slowly, leaves a hole if it is waited for.
    private func place(
        _ outgoing: SoundingPart, _ incoming: SoundingPart, earliest: Double, isSoon: Bool
    ) -> Place {
        let levels = (
            LevelCurve(from, gainDecibels: settings.gainDecibels(forLoudness: from.loudness)),
            LevelCurve(to, gainDecibels: settings.gainDecibels(forLoudness: to.loudness))
        )
        func place(end: Double, entry: Double, seconds wished: Double) -> Place {
            var seconds = min(wished, outgoing.seconds / 3, incoming.seconds / 3)
            var start = isSoon ? max(earliest, outgoing.start) : end - seconds
            if start < earliest {
                start = earliest
                seconds = min(seconds, outgoing.end - start)
            }
            seconds = max(seconds, PlainFade.secondsLeast)
            return Place(
                start: start, entry: entry, seconds: seconds,
                forecast: OverlapForecast(
                    outgoing: levels.0, incoming: levels.1, outgoingStart: start, incomingStart: entry,
                    seconds: seconds))
        }
        let wished = wishedSeconds(outgoing)
        var best = place(end: outgoing.end, entry: incoming.start, seconds: wished)
        guard best.forecast.dip < -PlainFade.dipMax else { return best }
        var least = best.forecast.cost
        for back in stride(from: 0, through: min(PlainFade.backSecondsMax, outgoing.seconds / 4), by: 1) {
            for ahead in stride(from: 0, through: min(PlainFade.aheadSecondsMax, incoming.seconds / 8), by: 2) {
                for seconds in [settings.fadeSecondsMin, wished] {
                    let other = place(end: outgoing.end - back, entry: incoming.start + ahead, seconds: seconds)
                    let cost = other.forecast.cost + PlainFade.secondCost * (back + ahead)
                    if cost < least { (best, least) = (other, cost) }
                }
            }
        }
        return best
    }

    /// Basses change hands in the middle. With `filters` the outgoing track goes from below, while the incoming one
    /// comes in early: the bands overlap one after the other.
    private func fades(_ overlap: Int64, filters: Bool) -> (out: Fade, in: Fade, style: TransitionStyle) {
        func span(_ from: Double, _ to: Double) -> Fade.Span {
            Fade.Span(startFrame: Int64(from * Double(overlap)), endFrame: Int64(to * Double(overlap)))
        }
        let swap = min(overlap, AudioFormat.frames(PlainFade.bassSeconds))
        var fade = Fade(startFrame: 0, endFrame: overlap)
        guard filters else {
            fade.bassSwap = Fade.Span(startFrame: (overlap - swap) / 2, endFrame: (overlap + swap) / 2)
            return (fade, fade, .fade)
        }
        fade.bassSwap = Fade.Span(startFrame: overlap * 3 / 8 - swap / 2, endFrame: overlap * 3 / 8 + swap / 2)
        var coming = fade
        (fade.middle, fade.treble) = (span(0.25, 0.75), span(0.5, 1))
        (coming.middle, coming.treble) = (span(0, 0.6), span(0.1, 0.7))
        return (fade, coming, .filterOut)
    }

    /// Short after an abrupt ending, long over one that dies away by itself.
    private func wishedSeconds(_ outgoing: SoundingPart) -> Double {
        let share = min(max((fall(outgoing) - 3) / 12, 0), 1)
        return settings.fadeSecondsMin + share * (settings.fadeSecondsMax - settings.fadeSecondsMin)
    }

    /// How far the outgoing track has died away by itself at its end. **Units:** LU.
    private func fall(_ outgoing: SoundingPart) -> Double {
        let level = LevelCurve(from, gainDecibels: 0)
        return from.loudness - decibels(level.power(at: outgoing.end - settings.fadeSecondsMin / 2))
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
