/// Makes the samples of a mix from its timeline.
///
/// The sample at an output frame is a pure function of timeline, sources and frame number. Everything is made in
/// chunks on one absolute grid of output frames: each track's stretched sound, its fades and bass, their sum, and the
/// limited sum, which looks one chunk ahead and one back. Blocks of any size are cut from these, and rendering may
/// begin anywhere.
/// **Thread:** one. **Cost:** a few MB; sources are opened when their first chunk is made and let go after their
/// last; no allocation per block in steady state.
public final class MixRenderer {
    private static let chunkFrames = BandSplit.chunkFrames
    /// Chunks of the sum kept: the one before, this one, the next, and one to spare.
    private static let keptChunks = 4

    /// Told once about each track that cannot be read.
    public var onSourceFailure: ((SourceFailure) -> Void)?

    /// Told of every transition once it is over and what follows it has been heard. nil: nothing is measured.
    ///
    /// A transition of which the rendering left something out has no report.
    public var onReport: ((TransitionReport) -> Void)?

    private let settings: MixSettings
    private let openSource: (String) throws -> any SampleSource
    private let bands: BandSplit
    private let limiter: LookAheadLimiter
    private var entries: [MixEntry] = []
    private var voices: [MixVoice] = []
    /// Indexes of entries whose source failed.
    private var failed: Set<Int> = []

    /// Sums of all voices by chunk number modulo `keptChunks`, left then right.
    private let sums: [FloatBlock]
    private var sumChunks: [Int64?]
    private let workLeft: FloatBlock
    private let workRight: FloatBlock
    /// The chunk whose limited sound is in the work blocks.
    private var finishedChunk: Int64?
    private var transitions: [MixTransition] = []
    private var meters: [TransitionMeter] = []
    /// The last chunk whose sound was told to the meters.
    private var measuredChunk: Int64 = .min

    /// `openSource` gives a track's samples by its id.
    public init(settings: MixSettings, openSource: @escaping (String) throws -> any SampleSource) {
        self.settings = settings
        self.openSource = openSource
        bands = BandSplit(bassHertz: settings.bassSwapHertz, trebleHertz: settings.trebleHertz)
        limiter = LookAheadLimiter(ceilingDecibels: settings.ceilingDecibels, chunkFrames: MixRenderer.chunkFrames)
        sums = (0..<MixRenderer.keptChunks).map { _ in FloatBlock(2 * MixRenderer.chunkFrames) }
        sumChunks = Array(repeating: nil, count: MixRenderer.keptChunks)
        let workFrames = LookAheadLimiter.framesBefore + MixRenderer.chunkFrames + LookAheadLimiter.framesAfter
        workLeft = FloatBlock(workFrames)
        workRight = FloatBlock(workFrames)
    }

    /// Fills `buffer` with exactly the frames `from ..< from + buffer.frameCount`; frames without a track are silence.
    public func render(_ timeline: MixTimeline, from: Int64, into buffer: inout StereoBuffer) {
        follow(timeline)
        let frames = MixRenderer.chunkFrames
        var done = 0
        while done < buffer.frameCount {
            let frame = from + Int64(done)
            let chunk = MixRenderer.chunk(of: frame)
            finish(chunk)
            let offset = Int(frame - chunk * Int64(frames))
            let piece = min(buffer.frameCount - done, frames - offset)
            let (left, right) = (workLeft.pointer, workRight.pointer)
            let first = LookAheadLimiter.framesBefore + offset
            buffer.left.withUnsafeMutableBufferPointer { target in
                target.baseAddress.map { ($0 + done).update(from: left + first, count: piece) }
            }
            buffer.right.withUnsafeMutableBufferPointer { target in
                target.baseAddress.map { ($0 + done).update(from: right + first, count: piece) }
            }
            done += piece
        }
    }

    /// Chunks before frame 0 have negative numbers.
    private static func chunk(of frame: Int64) -> Int64 {
        let frames = Int64(chunkFrames)
        return frame >= 0 ? frame / frames : -((-frame + frames - 1) / frames)
    }

    /// Takes over a changed timeline: what was made ahead is made again, which gives the same samples where nothing
    /// changed. **Cost:** nothing where the timeline is the last one.
    private func follow(_ timeline: MixTimeline) {
        guard timeline.entries != entries else { return }
        entries = timeline.entries
        transitions = timeline.transitions
        meters.removeAll { !transitions.contains($0.transition) }
        voices = voices.compactMap { voice in
            guard let entry = entries.first(where: voice.canFollow) else { return nil }
            if entry != voice.entry { voice.follow(entry) }
            return voice
        }
        failed = failed.filter { index in entries.contains { $0.index == index } }
        for slot in sumChunks.indices { sumChunks[slot] = nil }
        finishedChunk = nil
    }

    /// Reports of transitions of which the end has been heard, but not all that should follow: a mix ends there.
    public func finishReports() {
        for meter in meters where meter.hasOverlap { onReport?(meter.report(among: transitions, entries)) }
        meters = []
    }

    /// Begins to listen where a transition needs it from `chunk` on.
    private func openMeters(at chunk: Int64) {
        guard onReport != nil else { return }
        for transition in transitions where transition.fromIndex != nil {
            guard TransitionMeter.chunks(of: transition).contains(chunk),
                chunk <= transition.startFrame / Int64(MixRenderer.chunkFrames),
                !meters.contains(where: { $0.transition == transition })
            else { continue }
            meters.append(TransitionMeter(transition, from: chunk))
        }
    }

    private func measure(_ chunk: Int64) {
        guard !meters.isEmpty, chunk != measuredChunk else { return }
        measuredChunk = chunk
        let first = LookAheadLimiter.framesBefore
        meters.removeAll { meter in
            guard meter.take(chunk, left: workLeft.pointer + first, right: workRight.pointer + first) else {
                return true
            }
            if meter.isDone { onReport?(meter.report(among: transitions, entries)) }
            return meter.isDone
        }
    }

    /// Puts the limited sound of `chunk` into the work blocks.
    private func finish(_ chunk: Int64) {
        guard finishedChunk != chunk else { return }
        openMeters(at: chunk)
        let frames = MixRenderer.chunkFrames
        let before = LookAheadLimiter.framesBefore
        let after = LookAheadLimiter.framesAfter
        let (last, this, next) = (sum(chunk - 1), sum(chunk), sum(chunk + 1))
        for (channel, work) in [workLeft.pointer, workRight.pointer].enumerated() {
            let offset = channel * frames
            work.update(from: last + offset + frames - before, count: before)
            (work + before).update(from: this + offset, count: frames)
            (work + before + frames).update(from: next + offset, count: after)
        }
        limiter.limit(left: workLeft.pointer, right: workRight.pointer)
        finishedChunk = chunk
        measure(chunk)
    }

    /// All voices' sum over `chunk`, left then right, made if it is not kept.
    private func sum(_ chunk: Int64) -> UnsafePointer<Float> {
        let kept = Int64(MixRenderer.keptChunks)
        let slot = Int(((chunk % kept) + kept) % kept)
        let block = sums[slot]
        if sumChunks[slot] != chunk {
            block.clear()
            addVoices(of: chunk, to: block)
            sumChunks[slot] = chunk
        }
        return UnsafePointer(block.pointer)
    }

    private func addVoices(of chunk: Int64, to block: FloatBlock) {
        let start = chunk * Int64(MixRenderer.chunkFrames)
        let end = start + Int64(MixRenderer.chunkFrames)
        closeVoices(notSoundingAt: start)
        for entry in entries where entry.startFrame < end && entry.endFrame > start {
            guard let voice = voice(of: entry, at: start) else { continue }
            voice.add(chunk: chunk, to: block.pointer, block.pointer + MixRenderer.chunkFrames)
            for meter in meters {
                if let trace = meter.trace(ofEntry: entry.index, chunk: chunk) { voice.describe(chunk, to: trace) }
            }
            if let error = voice.failure { report(error, of: entry, at: start) }
        }
    }

    /// Lets go of sources that are not needed within the next second or were not within the last.
    private func closeVoices(notSoundingAt frame: Int64) {
        let margin = Int64(AudioFormat.sampleRate)
        func isNeeded(_ voice: MixVoice) -> Bool {
            voice.entry.startFrame < frame + margin && voice.entry.endFrame > frame - margin
        }
        guard !voices.allSatisfy(isNeeded) else { return }
        voices.removeAll { !isNeeded($0) }
    }

    private func voice(of entry: MixEntry, at frame: Int64) -> MixVoice? {
        if let voice = voices.first(where: { $0.entry.index == entry.index }) { return voice }
        guard !failed.contains(entry.index) else { return nil }
        do {
            let voice = MixVoice(entry, source: try openSource(entry.trackID), bands: bands)
            voices.append(voice)
            return voice
        } catch {
            report(error, of: entry, at: frame)
            return nil
        }
    }

    private func report(_ error: any Error, of entry: MixEntry, at frame: Int64) {
        guard failed.insert(entry.index).inserted else { return }
        onSourceFailure?(SourceFailure(index: entry.index, trackID: entry.trackID, frame: frame, error: error))
    }
}
