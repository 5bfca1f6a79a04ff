import Foundation

/// Makes one run of stretched sound: a phase vocoder whose peaks carry their neighbours (identity phase locking,
/// Laroche & Dolson 1999) and whose phases begin anew where an attack begins (after Röbel 2003).
///
/// The rotation of a spectral peak is what turns the source's spectrum one hop earlier into the last output spectrum;
/// it is one for both channels, which keeps the stereo image, and needs no angle. Where the map runs at rate 1 the
/// rotations stand still, so that the output there is the source with turned partials. On the first frame that sees
/// an anchor, bins whose energy rises there turn back to 0, and high bands that the attack fills turn back as a whole: the
/// attack comes out as it went in. Where no anchor is, high bands turn back on frames in which they rise steeply.
/// **Thread:** one. **Cost:** six real transforms of 4096 a hop of 640; no allocation after `init`.
final class PhaseVocoder {
    static let windowFrames = 2560
    static let hopFrames = windowFrames / 4
    /// The window is padded to the next length that has a fast transform.
    static let transformFrames = 4096
    static let binCount = transformFrames / 2 + 1
    /// A bin belongs to an attack if its energy after the anchor is this many times that before.
    private static let riseMin: Float = 1.15
    /// Bands, equally wide in octaves from 40 Hz to 16 kHz, by which an anchor is told from an imagined one.
    private static let attackBands = ChunkSpectrum.bandCount
    /// How far, on average of the bands, energy must rise at an attack: 1 is two octaves of power in each. Anchors that a
    /// picker imagines in steady chords have at most 0.05, drums and struck notes 0.14 and more.
    private static let attackMin: Float = 0.1
    /// A band's energy after the anchor is this many times that before if the attack is the louder part of it: then all of
    /// its bins belong to the attack, for among noise or the partials of a saturated mix single bins rise by chance.
    private static let bandRiseMin: Float = 2
    /// The first band that turns back as a whole, at 1 kHz: below, a drum would make the notes' partials jump.
    private static let wholeBandFirst = 13
    /// Bands side by side that rise this many times within a hop are an attack without an anchor; beating partials may
    /// rise as fast, but not over an octave at once. **Units:** of power, bands.
    private static let burstRiseMin: Float = 3
    private static let burstBandsMin = 3
    /// What lies this far below the loudest band does not count. **Units:** of power.
    private static let attackFloor: Float = 1e-6

    private let fft = FFT(size: PhaseVocoder.transformFrames)
    private let window: FloatBlock
    private let synthesis: FloatBlock
    private let work = FloatBlock(PhaseVocoder.transformFrames)
    /// Spectra of both channels: of this frame, of the source one hop before it, of the last output frame.
    private let now = StereoSpectrum()
    private let earlier = StereoSpectrum()
    private let last = StereoSpectrum()
    private let power = FloatBlock(PhaseVocoder.binCount)
    private let otherPower = FloatBlock(PhaseVocoder.binCount)
    private let turnRe = FloatBlock(PhaseVocoder.binCount)
    private let turnIm = FloatBlock(PhaseVocoder.binCount)
    /// First bin of each attack band and the end of the last.
    private let attackEdges: [Int] = (0...PhaseVocoder.attackBands).map { band in
        Int(ChunkSpectrum.hertz(band) * Double(PhaseVocoder.transformFrames) / Double(AudioFormat.sampleRate))
    }
    private let bandsBefore = FloatBlock(PhaseVocoder.attackBands)
    private let bandsAfter = FloatBlock(PhaseVocoder.attackBands)
    private let sumLeft = FloatBlock(PhaseVocoder.windowFrames)
    private let sumRight = FloatBlock(PhaseVocoder.windowFrames)

    private var run: StretchRun?
    private var corner = 0
    private var nextAnchor = 1
    /// Output frame at the middle of the next window.
    private var nextCentre: Int64 = 0
    private var lastSource: Int64 = 0
    private var isFirst = true
    /// Finished output frames lie in the first hop of the sums, from this frame on.
    private var readyFrom: Int64 = 0

    init() {
        let hann = Window.hann(PhaseVocoder.windowFrames)
        window = FloatBlock(hann)
        // Squared Hann windows a quarter apart add up to 1.5.
        synthesis = FloatBlock(hann.map { $0 / 1.5 })
    }

    /// Whether frames from `frame` on can be had without beginning `spanStart`'s run again.
    func canContinue(runStart: Int64, at frame: Int64) -> Bool {
        guard let run else { return false }
        return run.start == runStart && frame >= readyFrom && !isFirst
    }

    /// Turns to `run`; the next read begins at its start.
    func begin(_ run: StretchRun) {
        self.run = run
        corner = 0
        nextAnchor = 1
        nextCentre = run.start - Int64(PhaseVocoder.hopFrames)
        isFirst = true
        sumLeft.clear()
        sumRight.clear()
        readyFrom = .min
    }

    /// Lets go of the run.
    func forget() { run = nil }

    /// Writes output frames `start ..< start + count` of the run; `start` not before the last read's end.
    func read(
        from start: Int64, count: Int, source: SourceWindow, left: UnsafeMutablePointer<Float>,
        right: UnsafeMutablePointer<Float>
    ) {
        guard let run else { return }
        let hop = PhaseVocoder.hopFrames
        var done = 0
        while done < count {
            let frame = start + Int64(done)
            if isFirst || frame >= readyFrom + Int64(hop) {
                advance(run, source)
                continue
            }
            let offset = Int(frame - readyFrom)
            let piece = min(count - done, hop - offset)
            (left + done).update(from: sumLeft.pointer + offset, count: piece)
            (right + done).update(from: sumRight.pointer + offset, count: piece)
            done += piece
        }
    }

    /// Adds one window to the sums, after dropping the hop that was ready.
    private func advance(_ run: StretchRun, _ source: SourceWindow) {
        let size = PhaseVocoder.windowFrames
        let hop = PhaseVocoder.hopFrames
        let centre = nextCentre
        let at = run.source(at: centre, corner: &corner)
        transform(source, centre: at, into: now)
        if isFirst {
            turnRe.fill(1)
            turnIm.fill(0)
        } else {
            sumLeft.drop(hop)
            sumRight.drop(hop)
            if at - Int64(hop) != lastSource {
                transform(source, centre: at - Int64(hop), into: earlier)
                turnPeaks()
                turnBackBursts()
            }
        }
        while nextAnchor < run.anchors.count {
            let anchor = run.anchors[nextAnchor]
            let seenFrom = anchor.output - min(run.framesBefore[nextAnchor], Int64(size / 2) - 1)
            guard centre >= seenFrom else { break }
            resetRising(source, at: anchor.source)
            nextAnchor += 1
        }
        rotate(now.left, into: last.left)
        rotate(now.right, into: last.right)
        add(last.left, to: sumLeft)
        add(last.right, to: sumRight)
        lastSource = at
        isFirst = false
        readyFrom = centre - Int64(size / 2)
        nextCentre = centre + Int64(hop)
    }

    private func transform(_ source: SourceWindow, centre: Int64, into spectra: StereoSpectrum) {
        let size = PhaseVocoder.windowFrames
        let samples = source.frames(from: centre - Int64(size / 2), count: size)
        let work = work.pointer
        let window = window.pointer
        for i in 0..<size { work[i] = samples.left[i] * window[i] }
        (work + size).update(repeating: 0, count: PhaseVocoder.transformFrames - size)
        fft.forward(real: work, into: spectra.left.re.pointer, spectra.left.im.pointer)
        for i in 0..<size { work[i] = samples.right[i] * window[i] }
        fft.forward(real: work, into: spectra.right.re.pointer, spectra.right.im.pointer)
    }

    /// Sets every bin's rotation to that of the peak it belongs to.
    private func turnPeaks() {
        let bins = PhaseVocoder.binCount
        now.writePower(into: power.pointer)
        let power = power.pointer
        var regionStart = 0
        var peak = -1
        var k = 0
        while k < bins {
            let value = power[k]
            let isPeak =
                (k < 1 || value > power[k - 1]) && (k < 2 || value > power[k - 2])
                && (k + 1 >= bins || value >= power[k + 1]) && (k + 2 >= bins || value >= power[k + 2])
            if isPeak {
                if peak >= 0 {
                    var lowest = peak + 1
                    for j in peak + 1..<k where power[j] < power[lowest] { lowest = j }
                    turn(regionStart..<lowest, with: peak)
                    regionStart = lowest
                }
                peak = k
            }
            k += 1
        }
        if peak >= 0 { turn(regionStart..<bins, with: peak) }
    }

    private func turn(_ region: Range<Int>, with peak: Int) {
        let (aRe, aIm) = last.left.timesConjugate(of: earlier.left, peak)
        let (bRe, bIm) = last.right.timesConjugate(of: earlier.right, peak)
        let re = aRe + bRe
        let im = aIm + bIm
        let square = re * re + im * im
        guard square > 1e-20 else { return }
        let scale = 1 / square.squareRoot()
        let turnRe = turnRe.pointer
        let turnIm = turnIm.pointer
        for k in region {
            turnRe[k] = re * scale
            turnIm[k] = im * scale
        }
    }

    /// Takes back the rotation of the bins whose energy rises at the anchor, if there is an attack: a steady chord's
    /// partials beat, and turned back they would click.
    private func resetRising(_ source: SourceWindow, at anchor: Int64) {
        let size = Int64(PhaseVocoder.windowFrames)
        transform(source, centre: anchor - size / 2, into: earlier)
        earlier.writePower(into: power.pointer)
        transform(source, centre: anchor + size / 4, into: earlier)
        earlier.writePower(into: otherPower.pointer)
        let before = power.pointer
        let after = otherPower.pointer
        let loudest = sumBands(before: before, after: after)
        guard isAttack(loudest) else { return }
        let turnRe = turnRe.pointer
        let turnIm = turnIm.pointer
        for k in 0..<PhaseVocoder.binCount where after[k] > PhaseVocoder.riseMin * before[k] {
            turnRe[k] = 1
            turnIm[k] = 0
        }
        for band in PhaseVocoder.wholeBandFirst..<PhaseVocoder.attackBands
        where bandsAfter.pointer[band] > PhaseVocoder.bandRiseMin * bandsBefore.pointer[band] {
            turnBack(band..<band + 1)
        }
    }

    /// Takes back the rotation of high bands that rise steeply within a hop. At other rates than 1 the attack still comes
    /// once a window and never quite at one place, a millisecond apart, but not spread over all of the window.
    private func turnBackBursts() {
        earlier.writePower(into: otherPower.pointer)
        let loudest = sumBands(before: otherPower.pointer, after: power.pointer)
        let floor = loudest * PhaseVocoder.attackFloor
        let (was, now) = (bandsBefore.pointer, bandsAfter.pointer)
        var first = PhaseVocoder.wholeBandFirst
        for band in PhaseVocoder.wholeBandFirst...PhaseVocoder.attackBands {
            if band < PhaseVocoder.attackBands && now[band] > PhaseVocoder.burstRiseMin * was[band] + floor { continue }
            if band - first >= PhaseVocoder.burstBandsMin { turnBack(first..<band) }
            first = band + 1
        }
    }

    /// Takes back the rotation of all bins of `bands`; the last band goes on to the top.
    private func turnBack(_ bands: Range<Int>) {
        let isLast = bands.upperBound == PhaseVocoder.attackBands
        let end = isLast ? PhaseVocoder.binCount : attackEdges[bands.upperBound]
        let turnRe = turnRe.pointer
        let turnIm = turnIm.pointer
        for k in attackEdges[bands.lowerBound]..<end {
            turnRe[k] = 1
            turnIm[k] = 0
        }
    }

    /// Adds two power spectra up in bands; the power of the loudest.
    private func sumBands(before: UnsafePointer<Float>, after: UnsafePointer<Float>) -> Float {
        let (was, now) = (bandsBefore.pointer, bandsAfter.pointer)
        var loudest: Float = 0
        for band in 0..<PhaseVocoder.attackBands {
            was[band] = 0
            now[band] = 0
            for k in attackEdges[band]..<max(attackEdges[band + 1], attackEdges[band] + 1) {
                was[band] += before[k]
                now[band] += after[k]
            }
            loudest = max(loudest, was[band], now[band])
        }
        return loudest
    }

    /// Whether enough bands rise far enough.
    private func isAttack(_ loudest: Float) -> Bool {
        let (was, now) = (bandsBefore.pointer, bandsAfter.pointer)
        let floor = loudest * PhaseVocoder.attackFloor
        guard floor > 0 else { return false }
        var rise: Float = 0
        for band in 0..<PhaseVocoder.attackBands {
            rise += min(max(log2((now[band] + floor) / (was[band] + floor)), 0), 2) / 2
        }
        return rise > PhaseVocoder.attackMin * Float(PhaseVocoder.attackBands)
    }

    private func rotate(_ spectrum: ChannelSpectrum, into result: ChannelSpectrum) {
        let re = spectrum.re.pointer
        let im = spectrum.im.pointer
        let outRe = result.re.pointer
        let outIm = result.im.pointer
        let turnRe = turnRe.pointer
        let turnIm = turnIm.pointer
        for k in 0..<PhaseVocoder.binCount {
            outRe[k] = re[k] * turnRe[k] - im[k] * turnIm[k]
            outIm[k] = re[k] * turnIm[k] + im[k] * turnRe[k]
        }
    }

    private func add(_ spectrum: ChannelSpectrum, to sum: FloatBlock) {
        fft.inverse(re: spectrum.re.pointer, im: spectrum.im.pointer, into: work.pointer)
        let work = work.pointer
        let window = synthesis.pointer
        let sum = sum.pointer
        for i in 0..<PhaseVocoder.windowFrames { sum[i] += work[i] * window[i] }
    }
}
