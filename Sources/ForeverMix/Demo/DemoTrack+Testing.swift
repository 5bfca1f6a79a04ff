extension DemoTrack {
    /// Where the beats truly are: the ground truth of tests, never given to the mixer. **Units:** s.
    package var beats: [Double] {
        (0..<score.barCount * 4).map { AudioFormat.seconds(Int64(score.frame(beat: Double($0)))) }
    }

    /// Every fourth of `beats`. **Units:** s.
    package var downbeats: [Double] {
        (0..<score.barCount).map { AudioFormat.seconds(Int64(score.frame(beat: Double($0 * 4)))) }
    }

    /// Bars of each section.
    package var sectionBars: [Int] { score.sections.map(\.bars) }

    /// Whether the kick is on every beat.
    package var isFourOnFloor: Bool { score.genre.groove == .fourOnFloor }

    /// Memory that the track's sources hold together.
    package var sourceBytes: Int {
        let performance = shelf.performance(id: id, score: score)
        return performance.bank.bytes + performance.events.capacity * MemoryLayout<DemoEvent>.stride
            + performance.beds.capacity * MemoryLayout<DemoBed>.stride
    }

    /// Whether a drum pattern, a progression, a bass line or a tune is the same in both.
    package func sharesPattern(with other: DemoTrack) -> Bool { score.sharesPattern(with: other.score) }
}
