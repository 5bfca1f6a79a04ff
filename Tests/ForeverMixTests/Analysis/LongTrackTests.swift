import ForeverMix
import Testing

/// Decaying clicks on every beat of a long track, computed where they are asked for.
private final class LongClicks: SampleSource {
    let frameCount: Int64
    private let period: Int64

    init(seconds: Double, period: Int64) {
        frameCount = AudioFormat.frames(seconds)
        self.period = period
    }

    func read(from start: Int64, count: Int, into buffer: inout StereoBuffer, at offset: Int) {
        for n in 0..<count {
            let frame = start + Int64(n)
            var value: Float = 0
            if frame >= 0, frame < frameCount {
                let since = frame % period
                let tone: Float = (since / 24) % 2 == 0 ? 0.5 : -0.5
                value = since < 2_400 ? tone * (1 - Float(since) / 2_400) : 0
            }
            buffer.left[offset + n] = value
            buffer.right[offset + n] = value
        }
    }
}

@Suite struct LongTrackTests {
    /// A tempo whose beats do not fall on the seams.
    private let period: Int64 = 22_901

    @Test func theGridRunsOnThroughTheSeams() throws {
        let source = LongClicks(seconds: 11 * 60, period: period)
        let (found, trace) = try TrackAnalyzer().traced(source)
        let expected = Double(period) / 48_000
        #expect(found.frameCount == source.frameCount)
        #expect(abs((found.tempo ?? 0) - 60 / expected) < 0.06)
        let gaps = zip(found.beats.dropFirst(), found.beats).map { $0 - $1 }
        #expect(gaps.count > 1_300)
        #expect(gaps.allSatisfy { abs($0 - expected) < 0.02 }, "no beat twice, none left out")
        #expect(found.trusted.beats)
        #expect(Set(found.downbeats).isSubset(of: Set(found.beats)))
        #expect(zip(found.onsets.dropFirst(), found.onsets).allSatisfy { $0 > $1 })
        let curve = Int(found.duration / TrackAnalysis.loudnessCurveHop)
        #expect(abs(found.loudnessCurve.count - curve) <= 1)
        #expect(found.shortTermCurve.count == Int(found.duration) + 1)
        #expect(found.waveform.columnCount == Int(found.duration * WaveformOverview.columnsPerSecond))
        #expect(found.timbre.count == found.beats.count)
        let (head, tail) = (found.spectra.beginning.bytes.count, found.spectra.ending.bytes.count)
        #expect(head == EndSpectra.rowsMax * EndSpectra.bandCount && tail == head)
        let tailSeconds = Double(tail / EndSpectra.bandCount) * EndSpectra.rowSeconds
        #expect(abs(found.spectra.endingStart + tailSeconds - found.duration) < 2 * EndSpectra.rowSeconds)
        let bars = found.structure.bars
        // All clicks are alike: a seam may fall into a bar, and costs no more than that one.
        #expect(zip(bars.dropFirst(), bars).allSatisfy { $0.start - $1.start > 2 * expected })
        #expect(abs(bars.count - found.beats.count / 4) <= 3)
        try expectTrace(trace, tempo: 60 / expected, seconds: found.duration)
        let sections = found.structure.sections
        #expect(sections.last?.end == found.soundEnd)
        #expect(zip(sections, sections.dropFirst()).allSatisfy { $0.end == $1.start })
    }

    /// What a drawing needs is there, from end to end, and no more than it needs.
    private func expectTrace(_ trace: AnalysisTrace, tempo: Double, seconds: Double) throws {
        #expect(trace.onsetStrength.count > 3_000 && trace.onsetStrength.count <= 6_000)
        #expect(abs(Double(trace.onsetStrength.count) / trace.valuesPerSecond - seconds) < 1)
        #expect(trace.onsetStrength.allSatisfy { $0 >= 0 } && trace.onsetStrength.suffix(100).contains { $0 > 0.5 })
        let tempogram = trace.tempogram
        let rows = tempogram.tempi.count
        #expect(
            (230...240).contains(tempogram.seconds.count) && tempogram.values.count == rows * tempogram.seconds.count)
        #expect(zip(tempogram.seconds.dropFirst(), tempogram.seconds).allSatisfy { $0 > $1 })
        let near = try #require(
            tempogram.tempi.indices.min { abs(tempogram.tempi[$0] - tempo) < abs(tempogram.tempi[$1] - tempo) })
        for column in tempogram.seconds.indices {
            let values = tempogram.values[(column * rows)..<((column + 1) * rows)]
            #expect(tempogram.values[column * rows + near] > 0.7 * (values.max() ?? 1))
        }
    }

    @Test func loudnessIsThatOfTheWhole() throws {
        let short = try TrackAnalyzer().analyze(LongClicks(seconds: 60, period: period))
        let long = try TrackAnalyzer().analyze(LongClicks(seconds: 11 * 60, period: period))
        #expect(abs(short.loudness - long.loudness) < 0.1)
        #expect(abs(short.truePeak - long.truePeak) < 0.1)
        #expect(long.soundStart < 0.1 && long.soundEnd > 11 * 60 - 1)
    }
}
