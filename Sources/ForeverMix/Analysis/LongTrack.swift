import Foundation

/// A long track, analysed stretch by stretch, so that the memory it takes does not grow with it.
///
/// Each stretch is a track of its own to the analyser; loudness is measured over the whole, since its gates are.
/// A tempo, key or metre that differs between stretches lowers the confidence of the whole.
struct LongTrack {
    let source: any SampleSource
    let analyzer: TrackAnalyzer

    /// `hearing` is given each stretch's onset strength and length in seconds. **Errors:** those of
    /// `TrackAnalyzer.analyze`.
    func analyze(
        progress: ((Double) -> Void)?, isCancelled: (() -> Bool)?, hearing: (([Float], Double) -> Void)? = nil
    ) throws -> TrackAnalysis {
        let whole = LoudnessMeter()
        let total = source.frameCount
        var parts: [PartAnalysis] = []
        var start: Int64 = 0
        while start < total {
            // The last stretch takes what would be too short for one of its own.
            let left = total - start
            let length = left < 2 * AnalysisLimits.stretchFrames ? left : AnalysisLimits.stretchFrames
            let from = start
            var part = try analyzer.analyzePart(
                Stretch(of: source, from: start, frameCount: length, meter: whole),
                progress: progress.map { tell in
                    { share in tell((Double(from) + share * Double(length)) / Double(total)) }
                }, isCancelled: isCancelled)
            hearing?(part.strength, AudioFormat.seconds(length))
            // Ten hours of it would be more than all that is kept.
            part.strength = []
            parts.append(part)
            start += length
        }
        whole.finish()
        var joined = LongTrack.joined(parts.map(\.analysis), loudness: whole.integrated, frameCount: total)
        joined.loudnessRange = whole.range
        joined.shortTermCurve = whole.shortTermCurve(frameCount: total)
        var tuning = TuningEstimator()
        var bars: [BarFeatures] = []
        var offset = 0.0
        for part in parts {
            tuning.add(part.tuning)
            // A bar that both sides of a seam have seen is kept once.
            let earliest = bars.last.map { $0.start + 0.6 * ($0.end - $0.start) } ?? -1
            bars += part.bars.map { $0.moved(by: offset) }.filter { $0.start >= earliest }
            offset += part.analysis.duration
        }
        joined.tuning = tuning.hertz
        var result = PartAnalysis(
            analysis: joined, bars: bars, hasBars: parts.allSatisfy { $0.hasBars || $0.bars.isEmpty }, tuning: tuning)
        result.addStructure()
        return result.analysis
    }

    /// One analysis of stretches that follow each other.
    static func joined(_ stretches: [TrackAnalysis], loudness: Double, frameCount: Int64) -> TrackAnalysis {
        precondition(!stretches.isEmpty)
        var result = stretches[0]
        result.frameCount = frameCount
        result.loudness = loudness
        let sounding = stretches.filter { $0.loudness > -69.9 }
        var offset = 0.0
        var lastStart = 0.0
        var soundEnd: Double?
        var soundStart: Double?
        (result.beats, result.downbeats, result.onsets, result.loudnessCurve) = ([], [], [], [])
        (result.timbre, result.waveform) = (BeatTimbre(), WaveformOverview())
        for stretch in stretches {
            append(stretch, at: offset, beatsPerBar: stretches[0].beatsPerBar, to: &result)
            result.waveform.packed.bytes += stretch.waveform.packed.bytes
            if stretch.loudness > -69.9 {
                soundStart = soundStart ?? offset + stretch.soundStart
                soundEnd = offset + stretch.soundEnd
            }
            lastStart = offset
            offset += stretch.duration
        }
        if stretches.count > 1 {
            result.spectra = EndSpectra(
                first: stretches[0].spectra, last: stretches[stretches.count - 1].spectra, startingAt: lastStart)
        }
        result.timbre = BeatTimbre(packed: result.timbre.packed.bytes)
        result.fingerprint = sounding.first?.fingerprint ?? AcousticFingerprint()
        result.soundStart = soundStart ?? 0
        result.soundEnd = soundEnd ?? 0
        result.dcOffset = DCOffset(
            meanLeft: mean(stretches) { Double($0.dcOffset.left) },
            meanRight: mean(stretches) { Double($0.dcOffset.right) })
        result.truePeak = stretches.map(\.truePeak).max() ?? -120
        result.tempo = median(sounding.compactMap(\.tempo))
        result.attackDelay = median(sounding.map(\.attackDelay)) ?? 0
        let key = sounding.compactMap(\.key).max { weight(of: $0, in: sounding) < weight(of: $1, in: sounding) }
        result.key = key
        let count = Double(max(1, sounding.count))
        result.energy = sounding.map(\.energy).reduce(0, +) / count
        result.danceability = sounding.map(\.danceability).reduce(0, +) / count
        let metreHolds = sounding.allSatisfy { $0.beatsPerBar == result.beatsPerBar }
        result.confidence = TrackAnalysis.Confidence(
            beats: sounding.map(\.confidence.beats).min() ?? 0,
            downbeats: metreHolds ? sounding.map(\.confidence.downbeats).min() ?? 0 : 0,
            key: key.map { weight(of: $0, in: sounding) / count } ?? 0)
        result.trusted = TrackAnalysis.Trusted(
            beats: !sounding.isEmpty && sounding.allSatisfy(\.trusted.beats),
            downbeats: metreHolds && !sounding.isEmpty && sounding.allSatisfy(\.trusted.downbeats),
            key: !sounding.isEmpty && sounding.allSatisfy { $0.trusted.key && $0.key == key })
        return result
    }

    /// Adds what a stretch found. A beat that both sides of a seam have heard is kept once.
    private static func append(
        _ stretch: TrackAnalysis, at offset: Double, beatsPerBar: Int, to result: inout TrackAnalysis
    ) {
        let closest = stretch.tempo.map { 0.6 * 60 / $0 } ?? 0
        let earliest = result.beats.last.map { $0 + closest } ?? -1
        let later = stretch.beats.map { $0 + offset }.filter { $0 >= earliest }
        result.beats += later
        result.timbre.packed.bytes += stretch.timbre.packed.bytes.suffix(later.count * BeatTimbre.size)
        if stretch.beatsPerBar == beatsPerBar {
            result.downbeats += stretch.downbeats.map { $0 + offset }.filter { $0 >= earliest }
        }
        let lastOnset = result.onsets.last ?? -1
        result.onsets += stretch.onsets.map { $0 + offset }.filter { $0 > lastOnset }
        // The curve's first value is centred on the stretch's start: each stretch gives those before the next one's.
        let due = Int((offset / TrackAnalysis.loudnessCurveHop).rounded())
        if result.loudnessCurve.count > due { result.loudnessCurve.removeLast(result.loudnessCurve.count - due) }
        result.loudnessCurve += stretch.loudnessCurve
    }

    /// By length: the last stretch may be twice as long.
    private static func mean(_ stretches: [TrackAnalysis], _ value: (TrackAnalysis) -> Double) -> Double {
        stretches.reduce(0) { $0 + value($1) * $1.duration } / max(stretches.reduce(0) { $0 + $1.duration }, 1e-9)
    }

    private static func median(_ values: [Double]) -> Double? {
        values.isEmpty ? nil : values.sorted()[values.count / 2]
    }

    private static func weight(of key: MusicalKey, in stretches: [TrackAnalysis]) -> Double {
        stretches.reduce(0) { $0 + ($1.key == key ? $1.confidence.key : 0) }
    }

    /// Part of a track as a source of its own; what is read of it is heard by the whole track's meter too.
    private final class Stretch: SampleSource {
        let frameCount: Int64
        private let source: any SampleSource
        private let start: Int64
        private let meter: LoudnessMeter

        init(of source: any SampleSource, from start: Int64, frameCount: Int64, meter: LoudnessMeter) {
            self.source = source
            self.start = start
            self.frameCount = frameCount
            self.meter = meter
        }

        func read(from position: Int64, count: Int, into buffer: inout StereoBuffer, at offset: Int) throws {
            try source.read(from: start + position, count: count, into: &buffer, at: offset)
            buffer.left.withUnsafeBufferPointer { left in
                buffer.right.withUnsafeBufferPointer { right in
                    guard let left = left.baseAddress, let right = right.baseAddress else { return }
                    meter.push(left: left + offset, right: right + offset, count: count)
                }
            }
        }
    }
}
