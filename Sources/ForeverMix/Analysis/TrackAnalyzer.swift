import Foundation

/// Finds what the mixer needs to know of a track: beats, bars, tempo, key, loudness, edges.
///
/// One streaming pass over the samples, then a few stages over the features, each a type of its own:
/// `OnsetExtractor`, `AttackEnvelope`, `NoteExtractor`, `LoudnessMeter`, `TruePeakMeter`, then `BeatTracker`,
/// `BeatLevel`, `BeatGrid`, `DownbeatEstimator`, `KeyEstimator`.
/// **Thread:** any; an analyzer is a value. **Cost:** see Docs/Analysis.md.
public struct TrackAnalyzer: Sendable {
    /// What an importer may choose.
    public struct Configuration: Sendable {
        /// Slowest and fastest tempo that is reported, at least an octave apart. **Units:** beats a minute.
        public var tempoRange: ClosedRange<Double>
        public init(tempoRange: ClosedRange<Double> = 52...210) {
            self.tempoRange = tempoRange
        }
    }

    public var configuration: Configuration

    public init(configuration: Configuration = Configuration()) {
        self.configuration = configuration
    }

    /// Analyses a whole track.
    ///
    /// `progress` is called with 0 ... 1, about five times a second of sound at most. Silence, noise, and tracks too
    /// short for a beat give a result without beats and with low confidence, not an error.
    /// **Errors:** the source's; `CancellationError` when `isCancelled` says so.
    public func analyze(
        _ source: any SampleSource, progress: ((Double) -> Void)? = nil, isCancelled: (() -> Bool)? = nil
    ) throws -> TrackAnalysis {
        if source.frameCount >= 2 * AnalysisLimits.stretchFrames {
            return try LongTrack(source: source, analyzer: self).analyze(progress: progress, isCancelled: isCancelled)
        }
        return try analyzeWhole(source, progress: progress, isCancelled: isCancelled).analysis
    }

    /// The same, and what the stages saw on the way, for plots.
    public func traced(
        _ source: any SampleSource, progress: ((Double) -> Void)? = nil, isCancelled: (() -> Bool)? = nil
    ) throws -> (analysis: TrackAnalysis, trace: AnalysisTrace) {
        if source.frameCount >= 2 * AnalysisLimits.stretchFrames {
            var trace = LongTrace(seconds: AudioFormat.seconds(source.frameCount))
            let analysis = try LongTrack(source: source, analyzer: self).analyze(
                progress: progress, isCancelled: isCancelled, hearing: { trace.add($0, seconds: $1) })
            return (analysis, trace.trace)
        }
        let part = try analyzeWhole(source, progress: progress, isCancelled: isCancelled)
        return (part.analysis, AnalysisTrace(onsetStrength: part.strength))
    }

    private func analyzeWhole(
        _ source: any SampleSource, progress: ((Double) -> Void)?, isCancelled: (() -> Bool)?
    ) throws -> PartAnalysis {
        var part = try analyzePart(source, progress: progress, isCancelled: isCancelled)
        part.addStructure()
        return part
    }

    /// A whole track, or a stretch of a long one: everything but the structure, which takes the whole.
    func analyzePart(
        _ source: any SampleSource, progress: ((Double) -> Void)?, isCancelled: (() -> Bool)?
    ) throws -> PartAnalysis {
        let total = source.frameCount
        let pass = AnalysisPass()
        var block = StereoBuffer(frameCount: AnalysisLimits.blockFrames)
        var position: Int64 = 0
        while position < total {
            if isCancelled?() == true { throw CancellationError() }
            let count = Int(min(Int64(AnalysisLimits.blockFrames), total - position))
            try source.read(from: position, count: count, into: &block, at: 0)
            pass.push(block, count: count)
            position += Int64(count)
            progress?(0.95 * Double(position) / Double(total))
        }
        pass.finish()
        if isCancelled?() == true { throw CancellationError() }
        let part = conclude(pass, frameCount: total)
        progress?(1)
        return part
    }

    /// Beats are trusted from this confidence on: of tracks in grooves that the levels were not fitted to, 99 of 100 such
    /// had F70 >= 0.9.
    private static let trustedBeats = 0.95
    /// Bars need to be clearer: one wrong phase in a hundred is one wrong transition in fifty.
    private static let trustedDownbeats = 0.7
    private static let trustedDownbeatLevel = 0.9
    /// Sections are made of bars from this confidence of the beats on, and of stretches of time below.
    private static let structuredBeats = 0.4
    private static let trustedKey = 0.9

    private func conclude(_ pass: AnalysisPass, frameCount: Int64) -> PartAnalysis {
        let duration = AudioFormat.seconds(frameCount)
        let loudness = pass.loudness.integrated
        let edges = SoundEdges.find(hopEnergies: pass.hopEnergies, loudness: loudness, duration: duration)
        let frames = pass.onsets.frames
        let strength = OnsetStrength.combined(frames)
        let onsets = OnsetPicker.pick(strength: strength, frames: frames, from: edges.start, until: edges.end)
        let tuning = pass.notes.tuning.hertz
        let chromagram = Chromagram(noteRows: pass.notes.rows(tuning: tuning))
        let found = BeatFinder(tempi: configuration.tempoRange).find(frames, chromagram, edges: edges)
        let attackDelay = found.map { AttackDelay.seconds(beats: $0.beats, level: pass.attacks.level) } ?? 0
        let beats = (found?.beats ?? []).map { max(0, $0 - attackDelay) }
        let downbeats = found.flatMap {
            DownbeatEstimator().hypotheses(
                beats: $0.beats, tempo: $0.tempo, frames: frames, chromagram: chromagram
            ).first
        }
        let signature = downbeats?.timeSignature ?? .fourFour
        var bars: [Double] = []
        if let downbeats {
            bars = stride(from: downbeats.phase, to: beats.count, by: signature.beatsPerBar).map { beats[$0] }
        }
        let spectrum = pass.onsets.spectrum
        let sound = BarFeatures.Sound(
            frames: frames, spectrum: spectrum, glides: pass.onsets.glides.rows, chromagram: chromagram)
        let hasBars = bars.count > 1 && (found?.confidence ?? 0) >= TrackAnalyzer.structuredBeats
        let barFeatures = BarFeatures.bars(downbeats: hasBars ? bars : [], edges: edges, sound: sound)
        let key = KeyEstimator().estimate(
            chromagram, bars: barFeatures.map { ($0.start, $0.end) }, cuts: StructureEstimator.cuts(barFeatures),
            beatsPerBar: signature.beatsPerBar)
        let confidence = TrackAnalysis.Confidence(
            beats: found?.confidence ?? 0,
            downbeats: min(found?.confidence ?? 0, downbeats?.probability ?? 0),
            key: key?.confidence ?? 0)
        let trustsBeats = confidence.beats >= TrackAnalyzer.trustedBeats
        let analysis = TrackAnalysis(
            frameCount: frameCount, tempo: found?.tempo, beats: beats, downbeats: bars,
            beatsPerBar: signature.beatsPerBar, timeSignature: signature, attackDelay: attackDelay, key: key?.key,
            tuning: tuning, dcOffset: pass.offset,
            loudness: loudness, loudnessRange: pass.loudness.range, truePeak: pass.truePeak.decibels,
            soundStart: edges.start, soundEnd: edges.end,
            loudnessCurve: pass.loudness.curve(frameCount: frameCount),
            shortTermCurve: pass.loudness.shortTermCurve(frameCount: frameCount), onsets: onsets,
            energy: TrackCharacter.energy(
                frames: frames, strength: strength, onsetCount: onsets.count, soundSeconds: edges.end - edges.start,
                crest: pass.truePeak.decibels - loudness),
            danceability: TrackCharacter.danceability(found: found, clarity: found?.confidence ?? 0),
            timbre: BeatTimbre(beats: beats, spectrum: spectrum),
            waveform: WaveformOverview(spectrum: spectrum, duration: duration),
            spectra: pass.spectra.spectra,
            fingerprint: AcousticFingerprint(noteRows: pass.notes.rows, from: edges.start),
            confidence: confidence,
            trusted: TrackAnalysis.Trusted(
                beats: trustsBeats,
                downbeats: trustsBeats && confidence.downbeats >= TrackAnalyzer.trustedDownbeats
                    && (downbeats?.probability ?? 0) >= TrackAnalyzer.trustedDownbeatLevel,
                key: confidence.key >= TrackAnalyzer.trustedKey))
        return PartAnalysis(
            analysis: analysis, bars: barFeatures, hasBars: hasBars,
            tuning: pass.notes.tuning, strength: strength)
    }
}
