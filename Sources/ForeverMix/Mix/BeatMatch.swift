import Foundation

/// Plans a beat-matched overlap of two tracks whose grids are trusted and whose tempi meet.
struct BeatMatch {
    let from: TrackAnalysis
    let to: TrackAnalysis
    let settings: MixSettings
    let outgoing: BarGrid
    let incoming: BarGrid
    let meeting: PulseMeeting
    let shapes: (out: TrackShape, in: TrackShape)

    /// Bars that a phrase counts.
    static let phraseBars = 8
    /// Above this share of singing on both sides only the highs overlap.
    static let voicesMax = 0.35
    /// How much more or less bass there is from one bar to the next where it sets in or ends.
    static let bassTurnMin = 0.4
    /// Beats from which on a blend is a long one.
    static let longBeatsMin = 32
    /// Bars before the last possible end in which the outgoing track may be left.
    static let outgoingBarsMax = 32

    /// What it would cost to throw away the whole of the outgoing track.
    static let thrownCost = 0.3

    /// The longest overlap that is liked: keys that clash are soon over with. **Units:** bars.
    static func barsMax(_ key: KeyRelation) -> Int { key == .apart ? 8 : 16 }

    static func pair(
        _ from: TrackAnalysis, _ to: TrackAnalysis, settings: MixSettings
    ) -> Result<BeatMatch, PulseMeeting.Refusal> {
        guard let outgoing = BarGrid(from) else {
            return .failure(from.trusted.beats ? .noBarGoingOut : .noBeatGoingOut)
        }
        guard let incoming = BarGrid(to) else {
            return .failure(to.trusted.beats ? .noBarComingIn : .noBeatComingIn)
        }
        return Result { () throws(PulseMeeting.Refusal) in
            let meeting = try PulseMeeting(outgoing.pulse, incoming.pulse, limit: settings.stretchLimit)
            return BeatMatch(
                from: from, to: to, settings: settings,
                outgoing: meeting.tempo.outgoingFactor == 2 ? outgoing.doubled : outgoing,
                incoming: meeting.tempo.incomingFactor == 2 ? incoming.doubled : incoming, meeting: meeting,
                shapes: (TrackShape(from), TrackShape(to)))
        }
    }

    /// Beats of the common bar: the longer of the two.
    var barBeats: Int { meeting.barBeats }

    /// Whether both tracks are long enough for an overlap of `bars` and something of their own.
    func hasRoom(forBars bars: Int) -> Bool {
        meeting.hasRoom(
            forBars: bars, soundingSeconds: (SoundingPart(from).seconds, SoundingPart(to).seconds), settings: settings)
    }

    /// One place at which the two could meet.
    struct Place {
        let bars: Int
        let outgoingBeat: Int
        let incomingBeat: Int
        /// The bar of the overlap at which the basses change hands.
        var swapBar: Int
        /// How the sound goes over.
        var shape: Fade.Shape
        /// The bars before `swapBar` in which the harmonies change hands where only the highs overlap.
        var middleBars = 1
        let seconds: Double
        var forecast: OverlapForecast
        /// nil where the spectrum is not known.
        var spectrum: SpectrumForecast?
        var cost: Double
        /// How much both sing at once, 0 ... 1, and how differently they sound (dB), where that is known.
        let voices: Double
        let distance: Double?
    }

    /// nil where no whole bars fit after `notBefore`.
    func plan(notBefore: Int64, isSoon: Bool) -> TransitionPlan? {
        let earliest = AudioFormat.seconds(notBefore)
        let curves = PairCurves(from, to, notBefore: earliest, isSoon: isSoon, settings: settings)
        var best: (place: Place, ramp: TempoRamp)?
        for bars in settings.overlapBars where hasRoom(forBars: bars) {
            let beats = bars * barBeats
            for out in outgoingBars(beats: beats, earliest: earliest, isSoon: isSoon) {
                for into in incomingBars(beats: beats) {
                    guard
                        let place = judge(
                            bars: bars, outgoingBar: out, incomingBar: into, curves: curves, earliest: earliest,
                            isSoon: isSoon, below: best?.place.cost ?? .infinity),
                        let ramp = TempoRamp(
                            outgoing: outgoing.beats, outgoingBeat: place.outgoingBeat, incoming: incoming.beats,
                            incomingBeat: place.incomingBeat, beats: beats, earliest: earliest, settings: settings)
                    else { continue }
                    best = (place, ramp)
                }
            }
        }
        return best.map { finish($0.place, $0.ramp, curves) }
    }

    /// Indexes into the outgoing track's bars at which an overlap of `beats` could begin.
    private func outgoingBars(beats: Int, earliest: Double, isSoon: Bool) -> [Int] {
        let end = SoundingPart(from).end + outgoing.period / 4
        let fitting = outgoing.bars.indices.filter { bar in
            let last = outgoing.bars[bar] + beats
            return outgoing.beats[outgoing.bars[bar]] >= earliest && last < outgoing.beats.count
                && outgoing.beats[last] <= end
        }
        return Array(isSoon ? fitting.prefix(BeatMatch.phraseBars) : fitting.suffix(BeatMatch.outgoingBarsMax))
    }

    /// Indexes into the incoming track's bars at which it could come in: its first, half phrases later, where phrases
    /// begin, and where the structure says that it is well entered.
    private func incomingBars(beats: Int) -> [Int] {
        let part = SoundingPart(to)
        let sounding = incoming.bars.indices.filter { incoming.beats[incoming.bars[$0]] >= part.start - 0.05 }
        return sounding.enumerated().filter { number, bar in
            let last = incoming.bars[bar] + beats
            guard last < incoming.beats.count, incoming.beats[last] <= part.end else { return false }
            let start = incoming.beats[incoming.bars[bar]]
            if shapes.in.entryScore(at: start) > 0 { return true }
            return number <= 2 * BeatMatch.phraseBars
                && (number % (BeatMatch.phraseBars / 2) == 0 || shapes.in.phraseWeight(at: start) ?? 0 > 0)
        }.map(\.element)
    }

    /// nil where it costs no less than `least`.
    private func judge(
        bars: Int, outgoingBar: Int, incomingBar: Int, curves: PairCurves, earliest: Double, isSoon: Bool,
        below least: Double
    ) -> Place? {
        let outgoingBeat = outgoing.bars[outgoingBar]
        let incomingBeat = incoming.bars[incomingBar]
        let start = outgoing.beats[outgoingBeat]
        let seconds = outgoing.beats[outgoingBeat + bars * barBeats] - start
        let swapBar = swapBar(bars: bars, outgoingBeat: outgoingBeat, incomingBeat: incomingBeat)
        var cost = 0.0
        let longest = BeatMatch.barsMax(KeyRelation(from, to))
        cost += bars > longest ? 0.3 : bars == longest ? 0 : bars >= 8 ? 0.05 : bars >= 4 ? 0.2 : 0.4
        if let weight = shapes.out.phraseWeight(at: start) {
            cost += 0.4 * (1 - weight)
        } else {
            cost += outgoingBar % BeatMatch.phraseBars == 0 ? 0 : outgoingBar % 4 == 0 ? 0.1 : 0.3
        }
        let barSeconds = seconds / Double(bars)
        if isSoon {
            cost += 0.05 * (start - earliest) / barSeconds + 0.01 * Double(bars)
        } else {
            let thrown = max(0, SoundingPart(from).end - start - seconds)
            cost += 0.02 * thrown / barSeconds + BeatMatch.thrownCost * thrown / SoundingPart(from).seconds
            cost += TransitionPlanner.hasteCost(alone: start - earliest)
        }
        cost += 0.01 * max(0, incoming.beats[incomingBeat] - SoundingPart(to).start) / barSeconds
        cost += 0.3 * (1 - (shapes.in.phraseWeight(at: incoming.beats[incomingBeat]) ?? 1))
        cost -= 0.1 * (shapes.out.exitScore(at: start) + shapes.in.entryScore(at: incoming.beats[incomingBeat]))
        let meeting = OverlapMeeting(
            outgoing: outgoing, outgoingBeat: outgoingBeat, incoming: incoming, incomingBeat: incomingBeat,
            barBeats: barBeats, bars: bars, shapes: shapes)
        cost += 0.6 * meeting.voices + 0.04 * (meeting.distance ?? 0)
        let forecast = forecast(
            curves, bars: bars, outgoingBeat: outgoingBeat, incomingBeat: incomingBeat, swapBar: swapBar)
        // Nearly all that cannot win: another curve might cost a little less than this one.
        guard cost + forecast.levelCost < least else { return nil }
        var place = Place(
            bars: bars, outgoingBeat: outgoingBeat, incomingBeat: incomingBeat, swapBar: swapBar, shape: .equalPower,
            seconds: seconds, forecast: forecast, cost: cost, voices: meeting.voices, distance: meeting.distance)
        hear(&place, curves)
        if place.spectrum == nil { cost += curves.cost(nil) }
        if let jump = place.spectrum?.jump, jump > SpectrumForecast.jumpFree {
            let steady = heard(place, curves, shape: .steady, swapBar: swapBar)
            if steady.handOverCost + BeatMatch.steadyCost < place.handOverCost {
                place = steady
                cost += BeatMatch.steadyCost
            }
        }
        place.cost = cost + place.handOverCost
        return place.cost < least ? place : nil
    }

    private func finish(_ found: Place, _ ramp: TempoRamp, _ curves: PairCurves) -> TransitionPlan {
        var place = bestHandOver(found, curves)
        let overlap = ramp.overlapFrames
        let middle = ramp.beatFrames[place.swapBar * barBeats]
        let length = AudioFormat.frames(settings.bassSwapSeconds)
        let key = KeyRelation(from, to)
        let style: TransitionStyle =
            sharesOnlyHighs(place)
            ? .drumBlend : place.bars * barBeats >= BeatMatch.longBeatsMin ? .longBlend : .shortBlend
        var fade = Fade(
            startFrame: 0, endFrame: overlap, shape: place.shape,
            bassSwap: Fade.Span(startFrame: middle - length, endFrame: middle))
        if style == .drumBlend {
            let before = ramp.beatFrames[max(0, place.swapBar - place.middleBars) * barBeats]
            fade.middle = Fade.Span(startFrame: before, endFrame: middle)
        }
        if let trimmed = bassTrim(place, style, curves) {
            fade.bassTrim = Fade.Trim(gain: trimmed.gain, frames: ramp.beatFrames[barBeats])
            (place.forecast, place.spectrum) = (trimmed.forecast, trimmed.spectrum)
        } else {
            place.spectrum = spectrum(place, curves, bassGain: 1)
        }
        return TransitionPlan(
            style: style, reason: reason(place, overlap, key, style),
            cost: TransitionOutlook.matchedCost(
                push: meeting.push(limit: settings.stretchLimit), isDoubled: meeting.tempo.isDoubled, key: key,
                forecast: place.forecast,
                voices: place.voices, distance: place.distance),
            outgoingFrame: AudioFormat.frames(outgoing.beats[place.outgoingBeat]),
            incomingFrame: AudioFormat.frames(incoming.beats[place.incomingBeat]),
            overlapFrames: overlap,
            outgoingMap: TempoRamp.withAnchors(ramp.outgoingKnots, onsets: from.onsets),
            incomingMap: TempoRamp.withAnchors(ramp.incomingKnots, onsets: to.onsets),
            fadeOut: fade, fadeIn: fade, beatFrames: ramp.beatFrames, attackDelays: attackDelays,
            titleFrame: Int64(place.forecast.crossing * Double(overlap)),
            expectedStepLoudnessUnits: place.forecast.step,
            expectation: TransitionExpectation(
                dip: place.forecast.dip, bump: place.forecast.bump, spectralJump: place.spectrum?.jump,
                bassOverlapSeconds: settings.bassSwapSeconds, keyDistance: KeyRelation.distance(from, to),
                outgoingStretchPercent: BeatMatch.percent(TempoRamp.push(of: ramp.outgoingKnots)),
                incomingStretchPercent: BeatMatch.percent(TempoRamp.push(of: ramp.incomingKnots))))
    }

    /// nil where both tracks' attacks lie on their beats.
    private var attackDelays: AttackDelays? {
        guard from.attackDelay != 0 || to.attackDelay != 0 else { return nil }
        return AttackDelays(outgoing: from.attackDelay, incoming: to.attackDelay)
    }

    /// A push as in `TempoRamp.push`, in hundredths of a per cent.
    private static func percent(_ push: Double) -> Double { (expm1(push) * 10_000).rounded() / 100 }

    private func reason(
        _ place: Place, _ overlap: Int64, _ key: KeyRelation, _ style: TransitionStyle
    ) -> String {
        let difference = Int((60 / incoming.period - 60 / outgoing.period).rounded())
        var parts = [key.phrase].compactMap { $0 }
        parts.append(difference == 0 ? "same tempo" : "\(difference > 0 ? "+" : "")\(difference) BPM")
        if meeting.tempo.incomingFactor == 2 { parts.append("half time") }
        if meeting.tempo.outgoingFactor == 2 { parts.append("double time") }
        let seconds = Int(AudioFormat.seconds(overlap).rounded())
        if place.voices > BeatMatch.voicesMax { parts.append("voices on both sides") }
        parts.append("\(seconds) s \(style == .drumBlend ? "of drums" : "blend") over \(place.bars) bars")
        return parts.joined(separator: ", ")
    }
}
