import Foundation

/// The common beat of an overlap: where each beat of both tracks lies in the output, and the maps that put them there.
///
/// The beat period goes from the outgoing track's to the incoming one's in equal steps of tempo. Where the difference
/// is more than one side's limit, the ramp begins before the overlap and ends after it, so that each track is pushed
/// no further than the limit. **Units:** output frames relative to the overlap's start.
struct TempoRamp {
    /// Output frame of each beat of the overlap, its end included; the first is 0.
    private(set) var beatFrames: [Int64] = []
    private(set) var outgoingKnots: [MapKnot] = []
    private(set) var incomingKnots: [MapKnot] = []
    var overlapFrames: Int64 { beatFrames[beatFrames.count - 1] }

    /// A track whose beats lie this near the common ones by themselves is not stretched. **Units:** frames.
    static let verbatimFramesMax: Int64 = 24
    /// How far one beat may go beyond the limit because its track does not keep time exactly, but not beyond what the
    /// stretcher is made for.
    static let unevenness = 0.03
    static let stretchMax = 0.1
    /// The least distance between two anchors. **Units:** frames.
    static let anchorDistanceMin = 2400.0

    /// Beats are seconds of each track. nil where a beat would be pushed too far, or the ramp has no room.
    init?(
        outgoing: [Double], outgoingBeat: Int, incoming: [Double], incomingBeat: Int, beats: Int, earliest: Double,
        settings: MixSettings
    ) {
        let outgoingPeriod = (outgoing[outgoingBeat + beats] - outgoing[outgoingBeat]) / Double(beats)
        let incomingPeriod = (incoming[incomingBeat + beats] - incoming[incomingBeat]) / Double(beats)
        guard outgoingPeriod > 0, incomingPeriod > 0 else { return nil }
        let logRatio = log(incomingPeriod / outgoingPeriod)
        let limit = log1p(settings.stretchLimit)
        let atStart = abs(logRatio) > limit ? 1 - limit / abs(logRatio) : 0
        let atEnd = abs(logRatio) > limit ? limit / abs(logRatio) : 1
        guard atStart <= atEnd + 1e-9 else { return nil }
        let rampBefore = atStart > 0 ? settings.rampBeats : 0
        guard outgoingBeat >= rampBefore, outgoing[outgoingBeat - rampBefore] >= earliest,
            incomingBeat + beats + rampBefore < incoming.count
        else { return nil }

        // The share of the way from the outgoing tempo to the incoming one, in the middle of beat `i`.
        func share(_ i: Int) -> Double {
            let place = Double(i) + 0.5
            if i < 0 { return atStart * (place + Double(rampBefore)) / Double(rampBefore) }
            if i >= beats { return atEnd + (1 - atEnd) * (place - Double(beats)) / Double(rampBefore) }
            return atStart + (atEnd - atStart) * place / Double(beats)
        }
        var times = [0.0]
        for i in -rampBefore..<beats + rampBefore {
            times.append(times[times.count - 1] + outgoingPeriod * exp(logRatio * share(i)))
        }
        let frames = times.map { AudioFormat.frames($0 - times[rampBefore]) }
        beatFrames = Array(frames[rampBefore...rampBefore + beats])
        let count = rampBefore + beats + 1
        let leaving = zip(outgoing[outgoingBeat - rampBefore...outgoingBeat + beats], frames.prefix(count))
        let coming = zip(incoming[incomingBeat...incomingBeat + beats + rampBefore], frames.suffix(count))
        outgoingKnots = leaving.map { MapKnot(sourceFrame: ($0 * 48_000).rounded(), outputFrame: $1) }
        incomingKnots = coming.map { MapKnot(sourceFrame: ($0 * 48_000).rounded(), outputFrame: $1) }
        let pushMax = max(limit + 1e-6, min(limit + TempoRamp.unevenness, log1p(TempoRamp.stretchMax)))
        guard TempoRamp.push(of: outgoingKnots) <= pushMax, TempoRamp.push(of: incomingKnots) <= pushMax else {
            return nil
        }
        if TempoRamp.isVerbatim(outgoingKnots) { outgoingKnots = [] }
        if TempoRamp.isVerbatim(incomingKnots) { incomingKnots = [incomingKnots[0]] }
    }

    /// The largest |ln speed| between two knots.
    static func push(of knots: [MapKnot]) -> Double {
        zip(knots, knots.dropFirst()).map { a, b in
            let source = b.sourceFrame - a.sourceFrame
            let output = Double(b.outputFrame - a.outputFrame)
            return source > 0 && output > 0 ? abs(log(source / output)) : .infinity
        }.max() ?? 0
    }

    private static func isVerbatim(_ knots: [MapKnot]) -> Bool {
        let first = knots[0]
        return knots.allSatisfy {
            let drift = Double($0.outputFrame - first.outputFrame) - ($0.sourceFrame - first.sourceFrame)
            return abs(drift) <= Double(verbatimFramesMax)
        }
    }

    /// `knots` and, where they stretch, the track's onsets (seconds) between them as anchors on the same lines.
    static func withAnchors(_ knots: [MapKnot], onsets: [Double]) -> [MapKnot] {
        guard let first = knots.first else { return [] }
        var result = [first]
        var next = 0
        for (a, b) in zip(knots, knots.dropFirst()) {
            let source = b.sourceFrame - a.sourceFrame
            let output = Double(b.outputFrame - a.outputFrame)
            while next < onsets.count && onsets[next] * 48_000 < a.sourceFrame + anchorDistanceMin { next += 1 }
            var last = a.sourceFrame
            while next < onsets.count, source != output {
                let anchor = (onsets[next] * 48_000).rounded()
                guard anchor <= b.sourceFrame - anchorDistanceMin else { break }
                next += 1
                guard anchor >= last + anchorDistanceMin else { continue }
                last = anchor
                let at = a.outputFrame + Int64(((anchor - a.sourceFrame) * output / source).rounded())
                result.append(MapKnot(sourceFrame: anchor, outputFrame: at))
            }
            result.append(b)
        }
        return result
    }
}
