import Foundation
import ForeverMix
import Testing

/// The unit bars of the stretcher, on music whose stretched form is known.
@Suite struct StretchQualityTests {
    /// A constant speed, or a ramp from 0.96 to 1.04 over the whole length.
    enum Course: Sendable, CustomStringConvertible {
        case speed(Double)
        case ramp

        static let all: [Course] = [.speed(0.92), .speed(0.96), .speed(1.04), .speed(1.08), .ramp]
        static let seconds = 8.0

        func output(_ source: Double) -> Double {
            switch self {
            case .speed(let speed): source / speed
            case .ramp: Course.seconds / 0.08 * log((0.96 + 0.08 * source / Course.seconds) / 0.96)
            }
        }

        var description: String {
            switch self {
            case .speed(let speed): "\(speed)"
            case .ramp: "0.96 to 1.04"
            }
        }
    }

    static let played = StretchJudge.beat(seconds: Course.seconds)

    private func percentile(_ values: [Double], _ share: Double) -> Double {
        let sorted = values.map(abs).sorted()
        return sorted[Int(share * Double(sorted.count - 1))]
    }

    private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

    @Test(arguments: Course.all) func attacksStayWhereAndWhatTheyAre(course: Course) {
        let (sound, hits) = StretchQualityTests.played
        let ideal = StretchJudge.beat(seconds: Course.seconds, map: course.output).sound
        let times = Array(Set(hits.map(\.seconds))).sorted()
        let result = StretchJudge.stretch(sound, anchors: times, seconds: Course.seconds, map: course.output)
        let lags = StretchJudge.lags(result, ideal, at: times.map(course.output))
        #expect(lags.count > 25)
        #expect(percentile(lags, 0.95) <= 0.5)
        let hard = hits.filter { $0.kind != .hat && $0.seconds > 0.5 && $0.seconds < Course.seconds - 1 }
            .map { course.output($0.seconds) }
        let attack = mean(hard.map { StretchJudge.attack(result, at: $0) - StretchJudge.attack(ideal, at: $0) })
        #expect(attack <= 0.3)
        let echo = mean(hard.map { StretchJudge.echo(result, before: $0) - StretchJudge.echo(ideal, before: $0) })
        #expect(echo <= 1.5)
    }

    /// Anchors where the analysis finds attacks, not where they are.
    @Test(arguments: [Course.speed(0.94), .ramp]) func ownOnsetsSuffice(course: Course) throws {
        let (sound, hits) = StretchQualityTests.played
        let analysis = try TrackAnalyzer().analyze(BufferSource(mono: sound))
        let anchors = analysis.onsets.filter { $0 > 0.1 && $0 < Course.seconds - 0.1 }
        let ideal = StretchJudge.beat(seconds: Course.seconds, map: course.output).sound
        let result = StretchJudge.stretch(sound, anchors: anchors, seconds: Course.seconds, map: course.output)
        let times = Array(Set(hits.map(\.seconds))).sorted().map(course.output)
        #expect(percentile(StretchJudge.lags(result, ideal, at: times), 0.95) <= 3)
    }

    /// In saturated music no ideal is known, but the source's own attacks are, and they are what should come out.
    @Test(arguments: Course.all) func attacksInDenseMusicStayAsStrong(course: Course) {
        let (sound, hats) = StretchJudge.dense(seconds: Course.seconds)
        let result = StretchJudge.stretch(sound, anchors: hats, seconds: Course.seconds, map: course.output)
        let changes = hats.map {
            StretchJudge.strength(result, at: course.output($0)) - StretchJudge.strength(sound, at: $0)
        }
        #expect(abs(mean(changes)) <= 0.2, "\(mean(changes))")
        #expect(percentile(changes, 0.95) <= 1, "\(percentile(changes, 0.95))")
    }

    /// Attacks that no picker found still are attacks.
    @Test func attacksWithoutAnchorsStayShort() {
        let times = Array(stride(from: 0.4, to: Course.seconds - 0.4, by: 0.31))
        var music = SynthesisedMusic(seconds: Course.seconds)
        music.chord([45, 52, 57], 0, length: Course.seconds, gain: 0.02)
        for time in times { music.hat(time) }
        let sound = music.samples
        let changes = [0.92, 0.96, 1.04, 1.08].flatMap { speed in
            let result = StretchJudge.stretch(sound, anchors: [], seconds: Course.seconds) { $0 / speed }
            return times.map { abs(StretchJudge.attack(result, at: $0 / speed) - StretchJudge.attack(sound, at: $0)) }
        }
        #expect(mean(changes) <= 1.2, "\(mean(changes))")
    }

    @Test(arguments: Course.all) func chordsKeepTheirSpectrum(course: Course) {
        let (sound, times) = StretchJudge.chords(seconds: 6)
        let ideal = StretchJudge.chords(seconds: 6, map: course.output).sound
        let result = StretchJudge.stretch(sound, anchors: times, seconds: 6, map: course.output)
        #expect(StretchJudge.spectralDistance(result, ideal) <= 3)
    }

    /// Anchors where nothing begins, as a picker imagines them in beating partials.
    @Test func imaginedAnchorsDoNotClick() {
        let sound = StretchJudge.steady(seconds: 8)
        let imagined = stride(from: 0.17, to: 7.8, by: 0.173).map { $0 }
        let noises = [0.92, 0.96, 1.04, 1.08].map { speed in
            let (cents, noise) = StretchJudge.tones(
                StretchJudge.stretch(sound, anchors: imagined, seconds: 8) { $0 / speed })
            #expect(cents <= 2)
            return noise
        }
        #expect(mean(noises) <= -28, "\(noises)")
        #expect(noises.allSatisfy { $0 <= -25 }, "\(noises)")
    }

    @Test(arguments: [0.92, 0.96, 1.04, 1.08]) func steadyTonesStaySteady(speed: Double) {
        let sound = StretchJudge.steady(seconds: 8)
        let (cents, noise) = StretchJudge.tones(
            StretchJudge.stretch(sound, anchors: [], seconds: 8) { $0 / speed })
        #expect(cents <= 2)
        #expect(noise <= -28)
    }
}
