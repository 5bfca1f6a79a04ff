import Foundation

/// Listens to one transition while it is rendered, and reports.
///
/// **Thread:** the renderer's. **Cost:** a transform a chunk for the mix, three for each side; what it keeps is allocated
/// at the beginning.
final class TransitionMeter {
    let transition: MixTransition
    private let firstChunk: Int64
    private let lastChunk: Int64
    private var nextChunk: Int64
    private let loudness: LoudnessMeter
    private let spectrum: SpectrumTrace
    private let bass: BassTrace
    private let outgoing: VoiceTrace
    private let incoming: VoiceTrace
    private let spectrumChunks: ClosedRange<Int64>

    /// What is heard of the mix before and after an overlap. **Units:** s.
    static let aroundSeconds = 13.0
    /// The window of short-term loudness: a track that plays alone for less has no level of its own there. **Units:** s.
    private static let windowSeconds = 3.0
    /// What of each side its bass is taken from, and the window that is held against it. **Units:** s.
    private static let bassSideSeconds = 10.0
    private static let bassWindowSeconds = 2.0
    /// What is heard of the spectrum around the overlap. **Units:** s.
    private static let spectrumSeconds = 4.0
    /// A bass counts as heard above this, against the louder of both sides' means. **Units:** dB.
    private static let bassWithin = 9.0

    /// Of a transition that has two sides, listened to from `chunk` on: later than it would like when it was decided late.
    init(_ transition: MixTransition, from chunk: Int64) {
        self.transition = transition
        firstChunk = chunk
        nextChunk = chunk
        lastChunk = TransitionMeter.chunks(of: transition).upperBound
        let frames = max(0, lastChunk - chunk + 1) * Int64(BandSplit.chunkFrames)
        loudness = LoudnessMeter(expectedSeconds: AudioFormat.seconds(frames))
        bass = BassTrace(chunkCount: Int(max(0, lastChunk - chunk)) + 1)
        func place(_ frame: Int64, _ seconds: Double) -> Int64 {
            (frame + AudioFormat.frames(seconds)) / Int64(BandSplit.chunkFrames)
        }
        let near = TransitionMeter.spectrumSeconds
        spectrumChunks = place(transition.startFrame, -near)...place(transition.endFrame, near)
        spectrum = SpectrumTrace(chunkCount: spectrumChunks.count)
        let inside = max(chunk, place(transition.startFrame, -1))...max(chunk, place(transition.endFrame, 1))
        outgoing = VoiceTrace(firstChunk: inside.lowerBound, chunkCount: inside.count)
        incoming = VoiceTrace(firstChunk: inside.lowerBound, chunkCount: inside.count)
        insideChunks = inside
    }

    private let insideChunks: ClosedRange<Int64>

    /// The chunks that a whole report needs.
    static func chunks(of transition: MixTransition) -> ClosedRange<Int64> {
        let around = AudioFormat.frames(aroundSeconds)
        let frames = Int64(BandSplit.chunkFrames)
        return max(0, (transition.startFrame - around) / frames)...(transition.endFrame + around) / frames
    }

    /// Where one side's sound of `chunk` is to go; nil where nothing is wanted of it.
    func trace(ofEntry index: Int, chunk: Int64) -> VoiceTrace? {
        guard insideChunks.contains(chunk) else { return nil }
        let trace = index == transition.fromIndex ? outgoing : index == transition.toIndex ? incoming : nil
        trace?.skip(to: chunk)
        return trace?.nextChunk == chunk ? trace : nil
    }

    /// Takes a chunk of the finished mix; false where it is not the one that follows, and all is in vain.
    func take(_ chunk: Int64, left: UnsafePointer<Float>, right: UnsafePointer<Float>) -> Bool {
        guard chunk == nextChunk else { return chunk < nextChunk }
        nextChunk += 1
        loudness.push(left: left, right: right, count: BandSplit.chunkFrames)
        bass.add(left: left, right: right)
        if spectrumChunks.contains(chunk) { spectrum.add(left: left, right: right) }
        return true
    }

    var isDone: Bool { nextChunk > lastChunk }
    /// Whether what was heard contains the overlap.
    var hasOverlap: Bool { nextChunk * Int64(BandSplit.chunkFrames) >= transition.endFrame }

    /// What was heard, beside the other transitions and the entries of the timeline.
    func report(among transitions: [MixTransition], _ entries: [MixEntry]) -> TransitionReport {
        let alone = AloneSpans(transition, among: transitions, entries)
        let levels = Levels(loudness.stepEnergies, startFrame: firstFrame, transition, alone)
        func hundredths(_ value: Double) -> Double { (value * 100).rounded() / 100 + 0 }
        return TransitionReport(
            fromIndex: transition.fromIndex ?? transition.toIndex - 1, toIndex: transition.toIndex,
            style: transition.style, expectation: transition.expectation, beats: agreement(),
            levelStep: transition.expectation == nil
                ? nil : levels.step.map { hundredths($0 - transition.expectedStepLoudnessUnits) },
            dip: levels.dip.map(hundredths), bump: levels.bump.map(hundredths),
            bassOverlapSeconds: hundredths(bassOverlap()), bassBump: bassBump(alone).map(hundredths),
            spectralJump: spectrum.largestJump.map(hundredths))
    }

    private var firstFrame: Int64 { firstChunk * Int64(BandSplit.chunkFrames) }

    private func agreement() -> BeatAgreement? {
        guard let beats = transition.beatFrames, !beats.isEmpty, outgoing.startFrame == incoming.startFrame else {
            return nil
        }
        return BeatAgreement(
            outgoing: outgoing.levels, incoming: incoming.levels,
            beatMilliseconds: beats.map { Double($0 - outgoing.startFrame) / Double(VoiceTrace.levelFrames) },
            delays: transition.attackDelays ?? AttackDelays(outgoing: 0, incoming: 0))
    }

    /// Seconds in which both basses are within nine decibels of the louder side's mean, by fifths of a second.
    private func bassOverlap() -> Double {
        let (out, into) = (outgoing.bassPowers, incoming.bassPowers)
        let count = min(out.count, into.count)
        let span = 20
        guard count > span else { return 0 }
        func loud(_ powers: [Float]) -> Double {
            let heard = powers.filter { $0 > 1e-9 }
            return heard.isEmpty ? 0 : Double(heard.reduce(0, +)) / Double(heard.count)
        }
        let least = max(loud(out), loud(into)) * pow(10, -TransitionMeter.bassWithin / 10)
        guard least > 1e-8 else { return 0 }
        var both = 0
        for at in stride(from: 0, to: count - span, by: span / 2) {
            let a = Double(out[at..<at + span].reduce(0, +)) / Double(span)
            let b = Double(into[at..<at + span].reduce(0, +)) / Double(span)
            if min(a, b) > least { both += 1 }
        }
        return Double(both) * Double(span / 2 * VoiceTrace.bassFrames) / Double(AudioFormat.sampleRate)
    }

    /// The loudest two seconds of the mix's bass in the overlap, one a second, against the louder side's ten; nil where
    /// a side has none or plays alone too shortly to tell, and in overlaps that are shorter.
    private func bassBump(_ alone: AloneSpans) -> Double? {
        let steps = Double(AudioFormat.sampleRate / BassTrace.stepFrames)
        func place(_ frame: Int64) -> Int {
            Int(min(max(frame - firstFrame, 0), Int64(bass.powers.count * BassTrace.stepFrames)))
                / BassTrace.stepFrames
        }
        func mean(_ range: Range<Int>) -> Double {
            Double(bass.powers[range].reduce(0, +)) / Double(max(range.count, 1))
        }
        let side = AudioFormat.frames(TransitionMeter.bassSideSeconds)
        let before = place(max(alone.before.lowerBound, transition.startFrame - side))..<place(transition.startFrame)
        let end = place(transition.endFrame)
        let after = end..<max(end, place(min(alone.after.upperBound, transition.endFrame + side)))
        let least = Int(TransitionMeter.windowSeconds * steps)
        guard before.count >= least, after.count >= least else { return nil }
        let louder = max(mean(before), mean(after))
        let window = Int(TransitionMeter.bassWindowSeconds * steps)
        guard louder > 1e-8, end - before.upperBound >= window else { return nil }
        let loudest = stride(from: before.upperBound, through: end - window, by: Int(steps))
            .map { mean($0..<$0 + window) }.max()
        return loudest.map { decibels($0) - decibels(louder) }
    }

    /// The mix's short-term loudness around the overlap.
    private struct Levels {
        private(set) var step: Double?
        private(set) var dip: Double?
        private(set) var bump: Double?

        init(_ energies: [Float], startFrame: Int64, _ transition: MixTransition, _ alone: AloneSpans) {
            let width = Int(TransitionMeter.windowSeconds * 10)
            guard energies.count >= width else { return }
            var sum = energies.prefix(width).reduce(0.0) { $0 + Double($1) }
            var before: [Double] = []
            var after: [Double] = []
            var inside: [Double] = []
            let start = AudioFormat.seconds(transition.startFrame - startFrame)
            let end = AudioFormat.seconds(transition.endFrame - startFrame)
            let around = TransitionMeter.aroundSeconds
            let earliest = max(start - around, AudioFormat.seconds(max(alone.before.lowerBound, 0) - startFrame))
            let latest = min(end + around, AudioFormat.seconds(min(alone.after.upperBound, .max / 2) - startFrame))
            let half = TransitionMeter.windowSeconds / 2
            for at in 0...energies.count - width {
                let middle = Double(at) / 10 + half
                let power = max(sum, 0) / Double(width)
                if middle - half > earliest && middle + half < start { before.append(power) }
                if middle - half > end && middle + half < latest { after.append(power) }
                if middle >= start && middle <= end { inside.append(power) }
                guard at + width < energies.count else { break }
                sum += Double(energies[at + width]) - Double(energies[at])
            }
            guard !before.isEmpty, !after.isEmpty else { return }
            func mean(_ powers: [Double]) -> Double { decibels(powers.reduce(0, +) / Double(powers.count)) }
            let (first, last) = (mean(before), mean(after))
            step = last - first
            dip = inside.min().map { decibels($0) - min(first, last) }
            bump = inside.max().map { decibels($0) - max(first, last) }
        }
    }
}
