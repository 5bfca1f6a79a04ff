import ForeverCodec
import ForeverMix
import ForeverTestKit
import Foundation
import Testing

/// What a listener's decoder makes of the loudest that the limiter lets through.
@Suite struct DecodedPeakTests {
    /// Hits clipped hard on a quiet bed, an eighth of a second each second: the gain of so quiet a track drives them far
    /// into the limiter.
    private final class ClippedHits: SampleSource {
        let frameCount: Int64 = 12 * 48_000

        func read(from start: Int64, count: Int, into buffer: inout StereoBuffer, at offset: Int) throws {
            for index in 0..<count {
                let frame = start + Int64(index)
                let seconds = Double(frame) / 48_000
                var dice = Dice(seed: UInt64(bitPattern: frame))
                let noise = Double(Int64(bitPattern: dice.next()) >> 40) / 8_388_608
                let since = seconds.truncatingRemainder(dividingBy: 1)
                let tone = sin(2 * .pi * 55 * seconds) + 0.6 * sin(2 * .pi * 1_730 * seconds) + 0.5 * noise
                let hit = since < 0.125 ? max(-1, min(1, 6 * exp(-6 * since) * tone)) : 0
                let sample = 0.5 * hit + 0.005 * sin(2 * .pi * 330 * seconds)
                buffer.left[offset + index] = Float(sample)
                buffer.right[offset + index] = Float(0.9 * sample)
            }
        }
    }

    @Test(.enabled(if: Programs.tool("ffmpeg") != nil), arguments: [320, 192, 160, 128, 96, 80, 64, 48, 32])
    func staysAtOrBelowOneDecibelUnderFullScale(_ kbps: Int) throws {
        let source = ClippedHits()
        var settings = MixSettings()
        settings.ceilingDecibels = MixSettings.ceilingDecibels(forBitrateKbps: kbps)
        var timeline = MixTimeline(settings: settings)
        var analysis = try TrackAnalyzer().analyze(source)
        analysis.loudness = settings.targetLoudness - settings.gainDecibelsMax
        timeline.apply(timeline.decide(trackID: "hits", analysis: analysis, previous: nil, notBefore: 0))
        let renderer = MixRenderer(settings: settings) { _ in source }
        let mixed = TruePeakMeter(pushMax: 48_000)
        let encoder = try StreamEncoder(bitrateKbps: kbps, firstFrame: 0) { [timeline] position, buffer in
            renderer.render(timeline, from: position, into: &buffer)
            mixed.push(left: buffer.left, right: buffer.right, count: buffer.frameCount)
        }
        var bytes: [UInt8] = []
        for _ in 0..<500 { try encoder.nextFrame(into: &bytes) }
        #expect(mixed.decibels > settings.ceilingDecibels - 0.5, "the limiter has work to do")

        let folder = try TemporaryFolder()
        let decoded = try FFmpegCommand.decode(try folder.write(bytes, to: "stream.mp3"))
        let meter = TruePeakMeter(pushMax: decoded.left.count)
        meter.push(left: decoded.left, right: decoded.right, count: decoded.left.count)
        meter.finish()
        #expect(meter.decibels <= -1, "\(kbps) kbit/s")
        #expect(meter.decibels > settings.ceilingDecibels - 3, "it was decoded at all")
    }
}
