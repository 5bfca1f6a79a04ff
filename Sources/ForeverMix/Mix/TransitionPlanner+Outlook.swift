import Foundation

extension TransitionPlanner {
    /// What the planner would make of the pair, from the two profiles alone, for choosing an order.
    ///
    /// It takes the longest overlap that keys and lengths allow, at the very ends; `plan` looks at more places.
    /// **Cost:** some microseconds, nothing allocated.
    public func outlook(from: TransitionProfile, to: TransitionProfile) -> TransitionOutlook {
        let key = KeyRelation(from.key, to.key)
        let gains = (gain(from), gain(to))
        if let out = from.pulse, let into = to.pulse,
            let meeting = try? PulseMeeting(out, into, limit: settings.stretchLimit),
            let bars = bars(meeting, key, (from.soundingSeconds, to.soundingSeconds))
        {
            let seconds = Double(bars * meeting.barBeats) * meeting.period
            let voices = TransitionPlanner.voices(from.exit, to.entry, seconds: seconds)
            let distance = TransitionProfile.Edge.distance(from.exit.colour, to.entry.colour)
            let forecast = forecast(from.exit, to.entry, gains, seconds: seconds)
            let style: TransitionStyle =
                key == .apart || voices > BeatMatch.voicesMax
                ? .drumBlend : bars * meeting.barBeats >= BeatMatch.longBeatsMin ? .longBlend : .shortBlend
            return TransitionOutlook(
                style: style,
                cost: TransitionOutlook.matchedCost(
                    push: meeting.push(limit: settings.stretchLimit), isDoubled: meeting.tempo.isDoubled, key: key,
                    forecast: forecast, voices: voices,
                    distance: distance))
        }
        return TransitionOutlook(
            style: unmatchedStyle(from, to, gains),
            cost: TransitionOutlook.unmatchedCost(
                key: key, forecast: forecast(from.exit, to.entry, gains, seconds: fadeSeconds, shape: .steady)))
    }

    /// What a track is louder or quieter than the target after its gain. **Units:** dB.
    private func gain(_ profile: TransitionProfile) -> Double {
        profile.loudness + settings.gainDecibels(forLoudness: profile.loudness) - settings.targetLoudness
    }

    /// The longest overlap that there is room for; keys that clash are soon over with. **Units:** bars.
    private func bars(_ meeting: PulseMeeting, _ key: KeyRelation, _ sounding: (Double, Double)) -> Int? {
        let longest = BeatMatch.barsMax(key)
        func hasRoom(_ bars: Int) -> Bool {
            meeting.hasRoom(forBars: bars, soundingSeconds: sounding, settings: settings)
        }
        return settings.overlapBars.first { $0 <= longest && hasRoom($0) } ?? settings.overlapBars.last { hasRoom($0) }
    }

    /// How much both sing at once in an overlap at the very ends, 0 ... 1.
    private static func voices(
        _ out: TransitionProfile.Edge, _ into: TransitionProfile.Edge, seconds: Double
    ) -> Double {
        guard !out.voices.isEmpty, !into.voices.isEmpty else { return 0 }
        var sum: Float = 0
        let points = TransitionProfile.Edge.stepsMax
        for point in 0..<points {
            let time = (Double(point) + 0.5) / Double(points) * seconds
            let left = Int((seconds - time) / out.stepSeconds)
            let right = Int(time / into.stepSeconds)
            guard left < out.voices.count, right < into.voices.count else { continue }
            sum += min(out.voices[left], into.voices[right])
        }
        return Double(sum) / Double(points)
    }

    private func forecast(
        _ out: TransitionProfile.Edge, _ into: TransitionProfile.Edge, _ gains: (Double, Double), seconds: Double,
        shape: Fade.Shape = .equalPower
    ) -> OverlapForecast {
        func power(_ edge: TransitionProfile.Edge, _ gain: Double, _ inside: Double) -> Double {
            pow(10, (edge.level(secondsInside: inside) + gain) / 10)
        }
        func mean(_ edge: TransitionProfile.Edge, _ gain: Double) -> Double {
            (power(edge, gain, seconds + 1.5) + power(edge, gain, seconds + 6.5) + power(edge, gain, seconds + 11.5))
                / 3
        }
        return OverlapForecast(
            before: mean(out, gains.0), after: mean(into, gains.1),
            outgoing: { power(out, gains.0, (1 - $0) * seconds) * FadeCurve.power(1 - $0, shape) },
            incoming: { power(into, gains.1, $0 * seconds) * FadeCurve.power($0, shape) })
    }

    /// The middle one of the lengths that `PlainFade` tries. **Units:** s.
    private var fadeSeconds: Double { (settings.fadeSecondsMin * settings.fadeSecondsMax).squareRoot() }

    /// As `UnmatchedPair`, of what is known at the very ends.
    private func unmatchedStyle(
        _ from: TransitionProfile, _ to: TransitionProfile, _ gains: (Double, Double)
    ) -> TransitionStyle {
        guard let out = from.pulse, to.pulse != nil else { return .fade }
        let loudMin = -UnmatchedPair.loudWithin
        let endsLoud = from.exit.level(secondsInside: 1.5) + gains.0 > loudMin
        let beginsLoud = to.entry.level(secondsInside: 1.5) + gains.1 > loudMin
        let resemble =
            TransitionProfile.Edge.distance(from.exit.edgeColour, to.entry.edgeColour)
            .map { $0 <= UnmatchedPair.resemblanceMax } ?? false
        if endsLoud, beginsLoud, resemble {
            if from.exit.isOnBar, to.entry.isOnBar { return .cut }
            let seconds = min(Double(UnmatchedPair.echoBeats) * out.period, UnmatchedPair.echoSecondsMax)
            if AudioFormat.frames(out.period) <= EchoTail.delayFramesMax, seconds <= to.soundingSeconds / 3 {
                return .echoOut
            }
        }
        return endsLoud ? .filterOut : .fade
    }
}
