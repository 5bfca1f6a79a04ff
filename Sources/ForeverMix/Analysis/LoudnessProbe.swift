import Foundation

/// A quick look at a track before its analysis is there: how loud it is and where it begins.
///
/// Excerpts spread over the track are measured as one; with both gates the result is mostly within 1 LU of the whole
/// track's. **Thread:** any. **Cost:** about 20 s of sound decoded, a few milliseconds of its own.
public struct LoudnessProbe: Sendable {
    /// Excerpts, and the length of each. The first is the beginning, where the sound's start is looked for.
    private static let excerpts = 6
    private static let excerptFrames = AudioFormat.sampleRate * 3

    public init() {}

    /// A provisional analysis: loudness, peak and edges only, `analysisVersion` 0, nothing trusted.
    ///
    /// **Errors:** the source's.
    public func probe(_ source: any SampleSource) throws -> TrackAnalysis {
        let total = source.frameCount
        let duration = AudioFormat.seconds(total)
        let truePeak = TruePeakMeter(pushMax: LoudnessProbe.excerptFrames)
        var blocks: [Double] = []
        var head: [Float] = []
        var block = StereoBuffer(frameCount: LoudnessProbe.excerptFrames)
        for position in LoudnessProbe.positions(total) {
            let count = Int(min(Int64(LoudnessProbe.excerptFrames), total - position))
            guard count > 0 else { continue }
            try source.read(from: position, count: count, into: &block, at: 0)
            let meter = LoudnessMeter()
            block.left.withUnsafeBufferPointer { left in
                block.right.withUnsafeBufferPointer { right in
                    guard let left = left.baseAddress, let right = right.baseAddress else { return }
                    meter.push(left: left, right: right, count: count)
                    truePeak.push(left: left, right: right, count: count)
                }
            }
            meter.finish()
            blocks += meter.blockEnergies()
            if position == 0 { head = LoudnessProbe.hopEnergies(block, count: count) }
        }
        let loudness = LoudnessMeter.integrated(blocks: blocks)
        let edges = SoundEdges.find(hopEnergies: head, loudness: loudness, duration: duration)
        return TrackAnalysis(
            analysisVersion: 0, frameCount: total, tempo: nil, beats: [], downbeats: [], beatsPerBar: 4, key: nil,
            loudness: loudness, truePeak: truePeak.decibels, soundStart: edges.start, soundEnd: duration,
            loudnessCurve: [], onsets: [], energy: 0.5, danceability: 0,
            confidence: .init(beats: 0, downbeats: 0, key: 0),
            trusted: .init(beats: false, downbeats: false, key: false))
    }

    /// First frames of the excerpts, ascending and apart from each other.
    private static func positions(_ total: Int64) -> [Int64] {
        let last = max(0, total - Int64(excerptFrames))
        var result: [Int64] = []
        for at in 0..<excerpts {
            let position = last * Int64(at) / Int64(excerpts)
            if result.isEmpty || position >= result[result.count - 1] + Int64(excerptFrames) { result.append(position) }
        }
        return result
    }

    private static func hopEnergies(_ block: StereoBuffer, count: Int) -> [Float] {
        let hop = AnalysisLimits.hopFrames
        return block.left.withUnsafeBufferPointer { left in
            block.right.withUnsafeBufferPointer { right in
                stride(from: 0, to: count, by: hop).map { start in
                    var sum: Float = 0
                    for n in start..<min(count, start + hop) { sum += left[n] * left[n] + right[n] * right[n] }
                    return sum / Float(2 * hop)
                }
            }
        }
    }
}
