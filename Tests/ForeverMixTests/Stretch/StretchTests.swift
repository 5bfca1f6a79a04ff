import Foundation
import ForeverMix
import Testing

@Suite struct StretchTests {
    /// Clicks that decay on a quiet chord, at known frames.
    final class ClickSource: SampleSource {
        let frameCount: Int64 = 960_000
        let clicks: [Int64]
        let chord: Float
        init(clicks: [Int64], chord: Float) {
            self.clicks = clicks
            self.chord = chord
        }
        func read(from start: Int64, count: Int, into buffer: inout StereoBuffer, at offset: Int) throws {
            for i in 0..<count {
                let frame = start + Int64(i)
                let time = Double(frame) / 48_000
                var value = chord * Float(sin(2 * .pi * 220 * time) + sin(2 * .pi * 277.18 * time))
                if let click = clicks.last(where: { $0 <= frame }) {
                    let since = Double(frame - click) / 48_000
                    value += Float(0.5 * exp(-since * 300) * cos(2 * .pi * 2500 * since))
                }
                buffer.left[offset + i] = frame >= 0 && frame < frameCount ? value : 0
                buffer.right[offset + i] = buffer.left[offset + i] * 0.5
            }
        }
    }

    static func stretched(_ source: any SampleSource, map: [MapKnot], frames: Range<Int64>) -> StereoBuffer {
        var result = StereoBuffer(frameCount: frames.count)
        StretchedSound(source, map: map).read(from: frames.lowerBound, into: &result)
        return result
    }

    static func knots(speed: Double, clicks: [Int64]) -> [MapKnot] {
        clicks.map {
            MapKnot(sourceFrame: Double($0), outputFrame: Int64((Double($0 - clicks[0]) / speed).rounded()) + clicks[0])
        }
    }

    static let clicks = (1...20).map { Int64($0) * 24_000 }

    @Test func speedOneIsACopy() {
        let source = ClickSource(clicks: StretchTests.clicks, chord: 0.05)
        let map = StretchTests.knots(speed: 1, clicks: StretchTests.clicks)
        let result = StretchTests.stretched(source, map: map, frames: 0..<200_000)
        var expected = StereoBuffer(frameCount: 200_000)
        try! source.read(from: 0, count: 200_000, into: &expected, at: 0)
        #expect(result == expected)
    }

    @Test(arguments: [0.92, 0.96, 1.04, 1.08])
    func attacksComeOutWhereTheMapSaysAndAsTheyWere(speed: Double) {
        let source = ClickSource(clicks: StretchTests.clicks, chord: 0)
        let map = StretchTests.knots(speed: speed, clicks: StretchTests.clicks)
        let end = map[map.count - 1].outputFrame
        let result = StretchTests.stretched(source, map: map, frames: 0..<end + 10_000)
        for knot in map {
            let around = Int(knot.outputFrame)
            let peak = (around - 400..<around + 400).max { abs(result.left[$0]) < abs(result.left[$1]) }!
            #expect(abs(peak - around) <= 1, "attack of \(around) at \(peak)")
            #expect(abs(result.left[peak] - 0.5) < 0.05)
            #expect(abs(result.right[peak] - 0.25) < 0.025)
            let before = result.left[around - 600..<around - 20].map(abs).max()!
            #expect(before < 0.02, "no echo before the attack")
        }
    }

    @Test(arguments: [0.94, 1.06])
    func tonesKeepPitchAndLevel(speed: Double) {
        let source = ClickSource(clicks: [], chord: 0.2)
        let map = StretchTests.knots(speed: speed, clicks: StretchTests.clicks)
        let result = StretchTests.stretched(source, map: map, frames: 0..<400_000)
        // Energy at the two partials, and what is left over, over 1.5 s of one run.
        let part = Array(result.left[40_000..<110_000])
        func amplitude(_ hertz: Double) -> Double {
            var (re, im) = (0.0, 0.0)
            for (i, sample) in part.enumerated() {
                let angle = 2 * Double.pi * hertz * Double(i) / 48_000
                re += Double(sample) * cos(angle)
                im += Double(sample) * sin(angle)
            }
            return 2 * (re * re + im * im).squareRoot() / Double(part.count)
        }
        #expect(amplitude(220) > 0.14 && amplitude(277.18) > 0.14)
        #expect(amplitude(220 * speed) < 0.03)
        let energy = part.reduce(0.0) { $0 + Double($1 * $1) } / Double(part.count)
        #expect(abs(10 * log10(energy / 0.04)) < 1)
    }

    @Test func theRampEndsInACopy() {
        let source = ClickSource(clicks: StretchTests.clicks, chord: 0.05)
        let map = StretchTests.knots(speed: 1.05, clicks: Array(StretchTests.clicks[2...8]))
        let last = map[map.count - 1]
        let from = last.outputFrame + 1280
        let result = StretchTests.stretched(source, map: map, frames: from..<from + 5000)
        var expected = StereoBuffer(frameCount: 5000)
        try! source.read(from: Int64(last.sourceFrame) + 1280, count: 5000, into: &expected, at: 0)
        #expect(result == expected)
        let before = StretchTests.stretched(source, map: map, frames: 0..<map[0].outputFrame)
        var copied = StereoBuffer(frameCount: before.frameCount)
        try! source.read(from: 0, count: before.frameCount, into: &copied, at: 0)
        #expect(before == copied)
    }
}
