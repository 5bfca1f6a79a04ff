import ForeverMix
import Foundation
import Testing

@Suite struct AttackDelayTests {
    /// Notes of 1 kHz and its overtones every half second on a quiet ground, coming up over `rise` s.
    private func level(rise: Double, count: Int = 40) -> (notes: [Double], level: FineLevel) {
        let rate = Double(AudioFormat.sampleRate)
        let notes = (0..<count).map { 0.5 + 0.5 * Double($0) }
        var samples = (0..<Int((Double(count) / 2 + 2) * rate)).map { n in
            0.002 * Float(sin(2 * .pi * 700 * Double(n) / rate))
        }
        for note in notes {
            let first = Int(note * rate)
            for n in 0..<Int(0.3 * rate) {
                let t = Double(n) / rate
                let up = rise > 0 ? min(1, t / rise) : 1
                let tone = sin(2 * .pi * 1_000 * t) + 0.5 * sin(2 * .pi * 2_310 * t)
                samples[first + n] += Float(0.3 * up * min(1, (0.3 - t) / 0.05) * tone)
            }
        }
        let envelope = AttackEnvelope()
        samples.withUnsafeBufferPointer { envelope.push($0.baseAddress!, count: $0.count) }
        return (notes, envelope.level)
    }

    @Test(arguments: [0.006, 0.010, 0.015]) func slowNotesHaveBegunBefore(late: Double) {
        let (notes, level) = level(rise: 0.030)
        let delay = AttackDelay.seconds(beats: notes.map { $0 + late }, level: level)
        #expect(abs(delay - late) < 0.003, "\(delay)")
    }

    @Test func sharpNotesBeginOnTheBeat() {
        let (notes, level) = level(rise: 0)
        #expect(AttackDelay.seconds(beats: notes, level: level) == 0)
    }

    @Test func earlyBeatsAreSeenToo() {
        let (notes, level) = level(rise: 0)
        let delay = AttackDelay.seconds(beats: notes.map { $0 - 0.005 }, level: level)
        #expect(abs(delay + 0.005) < 0.002, "\(delay)")
    }

    @Test func whereNothingBeginsNothingIsSaid() {
        let (notes, level) = level(rise: 0)
        #expect(AttackDelay.seconds(beats: notes.map { $0 + 0.2 }, level: level) == 0, "in the middle of notes")
        #expect(AttackDelay.seconds(beats: Array(notes.prefix(4)), level: level) == 0, "too few")
        #expect(AttackDelay.seconds(beats: [], level: FineLevel()) == 0)
        #expect(AttackDelay.seconds(beats: notes.map { $0 + 1_000 }, level: level) == 0, "beyond the end")
    }
}
