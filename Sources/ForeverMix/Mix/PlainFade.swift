import Foundation

/// Plans an equal-power fade between the sounding parts of two tracks.
struct PlainFade {
    let from: TrackAnalysis
    let to: TrackAnalysis
    let settings: MixSettings

    /// The shortest fade: long enough not to click. **Units:** s.
    static let secondsLeast = 0.05

    func plan(notBefore: Int64, isSoon: Bool, because reason: String) -> TransitionPlan {
        let earliest = AudioFormat.seconds(notBefore)
        let outgoing = SoundingPart(from)
        let incoming = SoundingPart(to)
        var seconds = min(wishedSeconds(outgoing), outgoing.seconds / 3, incoming.seconds / 3)
        var start = isSoon ? max(earliest, outgoing.start) : outgoing.end - seconds
        if start < earliest {
            start = earliest
            seconds = min(seconds, outgoing.end - start)
        }
        seconds = max(seconds, PlainFade.secondsLeast)
        let forecast = OverlapForecast(
            outgoing: LevelCurve(from, gainDecibels: settings.gainDecibels(forLoudness: from.loudness)),
            incoming: LevelCurve(to, gainDecibels: settings.gainDecibels(forLoudness: to.loudness)),
            outgoingStart: start, incomingStart: incoming.start, seconds: seconds)
        let incomingFrame = AudioFormat.frames(incoming.start)
        let overlap = AudioFormat.frames(seconds)
        return TransitionPlan(
            kind: .fade, reason: "\(reason), \(spoken(seconds)) s fade",
            cost: min(1, 0.8 + 0.2 * KeyRelation(from, to).cost),
            outgoingFrame: max(AudioFormat.frames(start), notBefore), incomingFrame: incomingFrame,
            overlapFrames: overlap, outgoingMap: [],
            incomingMap: [MapKnot(sourceFrame: Double(incomingFrame), outputFrame: 0)], bassSwap: nil,
            titleFrame: Int64(forecast.crossing * Double(overlap)), expectedStepLoudnessUnits: forecast.step)
    }

    /// Short after an abrupt ending, long over one that dies away by itself.
    private func wishedSeconds(_ outgoing: SoundingPart) -> Double {
        let level = LevelCurve(from, gainDecibels: 0)
        let fall = from.loudness - decibels(level.power(at: outgoing.end - settings.fadeSecondsMin / 2))
        let share = min(max((fall - 3) / 12, 0), 1)
        return settings.fadeSecondsMin + share * (settings.fadeSecondsMax - settings.fadeSecondsMin)
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
