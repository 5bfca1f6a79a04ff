import Foundation

/// One pass over a track's samples: every measurement that later stages need, and no sample kept.
///
/// **Thread:** one. **Cost:** about 80 bytes of memory an onset frame of 10 ms, whatever the length of a block.
package final class AnalysisPass {
    package let onsets: OnsetExtractor
    package let attacks = AttackEnvelope()
    package let notes: NoteExtractor
    package let loudness = LoudnessMeter()
    package let truePeak: TruePeakMeter
    let spectra: EndSpectraExtractor
    /// Mean square of both channels in every 10 ms: where sound begins and ends.
    package private(set) var hopEnergies: [Float] = []
    private var sums = (left: 0.0, right: 0.0)
    private var frameCount = 0
    private var hopEnergy: Float = 0
    private var hopFilled = 0
    private let mono: UnsafeMutablePointer<Float>
    private let blockFrames: Int

    package init(blockFrames: Int = AnalysisLimits.blockFrames) {
        self.blockFrames = blockFrames
        onsets = OnsetExtractor(pushMax: blockFrames)
        notes = NoteExtractor(pushMax: blockFrames)
        spectra = EndSpectraExtractor(pushMax: blockFrames)
        truePeak = TruePeakMeter(pushMax: blockFrames)
        mono = .allocate(capacity: blockFrames)
        mono.initialize(repeating: 0, count: blockFrames)
    }

    deinit { mono.deallocate() }

    /// Adds the first `count` frames of `block`.
    package func push(_ block: StereoBuffer, count: Int) {
        precondition(count <= blockFrames)
        block.left.withUnsafeBufferPointer { left in
            block.right.withUnsafeBufferPointer { right in
                guard let left = left.baseAddress, let right = right.baseAddress else { return }
                push(left, right, count)
            }
        }
    }

    private func push(_ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, _ count: Int) {
        // Not the plain mean: a side of opposite polarity would vanish from it.
        var isWild = false
        for n in 0..<count {
            mono[n] = 0.55 * left[n] + 0.45 * right[n]
            // No number at all fails this too.
            isWild = isWild || !(abs(left[n]) + abs(right[n]) <= AnalysisPass.magnitudeMax)
        }
        if isWild, !isTamed { return pushTamed(left, right, count) }
        onsets.push(mono, count: count)
        attacks.push(mono, count: count)
        notes.push(mono, count: count)
        spectra.push(mono, count: count)
        loudness.push(left: left, right: right, count: count)
        truePeak.push(left: left, right: right, count: count)
        addEnergies(left, right, count)
    }

    /// Louder than this is no sound: its squares would end in infinity.
    private static let magnitudeMax: Float = 1_000
    private var isTamed = false

    /// The same with silence in place of samples that are no sound.
    private func pushTamed(_ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, _ count: Int) {
        func tamed(_ samples: UnsafePointer<Float>) -> [Float] {
            (0..<count).map { abs(samples[$0]) <= AnalysisPass.magnitudeMax / 2 ? samples[$0] : 0 }
        }
        let block = StereoBuffer(left: tamed(left), right: tamed(right))
        isTamed = true
        push(block, count: count)
        isTamed = false
    }

    private func addEnergies(_ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, _ count: Int) {
        var n = 0
        while n < count {
            let run = min(count - n, AnalysisLimits.hopFrames - hopFilled)
            var sum = SIMD4<Float>.zero
            var (lefts, rights) = (SIMD4<Float>.zero, SIMD4<Float>.zero)
            var k = n
            while k + 4 <= n + run {
                let l = UnsafeRawPointer(left + k).loadUnaligned(as: SIMD4<Float>.self)
                let r = UnsafeRawPointer(right + k).loadUnaligned(as: SIMD4<Float>.self)
                sum += l * l + r * r
                lefts += l
                rights += r
                k += 4
            }
            hopEnergy += sum.sum()
            sums.left += Double(lefts.sum())
            sums.right += Double(rights.sum())
            while k < n + run {
                hopEnergy += left[k] * left[k] + right[k] * right[k]
                sums.left += Double(left[k])
                sums.right += Double(right[k])
                k += 1
            }
            n += run
            frameCount += run
            hopFilled += run
            if hopFilled == AnalysisLimits.hopFrames { endHop() }
        }
    }

    private func endHop() {
        hopEnergies.append(hopEnergy / Float(2 * AnalysisLimits.hopFrames))
        hopEnergy = 0
        hopFilled = 0
    }

    /// The means of what has been pushed.
    var offset: DCOffset {
        let count = Double(max(1, frameCount))
        return DCOffset(meanLeft: sums.left / count, meanRight: sums.right / count)
    }

    /// Ends the stream with silence, so that its last frames are complete.
    package func finish() {
        if hopFilled > 0 { endHop() }
        loudness.finish()
        truePeak.finish()
        for n in 0..<blockFrames { mono[n] = 0 }
        onsets.push(mono, count: min(blockFrames, AnalysisLimits.onsetWindowFrames / 2))
        attacks.push(mono, count: min(blockFrames, 2 * AnalysisLimits.hopFrames))
        notes.push(mono, count: blockFrames)
        onsets.finish(attacks: attacks)
    }
}
