import ForeverCore
import Testing

@Suite struct SeededGeneratorTests {
    @Test func theSameSeedGivesTheSameNumbersForEver() {
        // The first outputs of xoshiro256** seeded by SplitMix64(42): a change here changes every station's programme.
        var generator = SeededGenerator(seed: 42)
        #expect(
            (0..<3).map { _ in generator.next() } == [
                1_546_998_764_402_558_742, 6_990_951_692_964_543_102, 12_544_586_762_248_559_009,
            ])
    }

    @Test func rangesAreEvenAndKept() {
        var generator = SeededGenerator(seed: 7)
        var counts = [Int](repeating: 0, count: 6)
        for _ in 0..<60_000 { counts[generator.next(below: 6)] += 1 }
        #expect(counts.allSatisfy { abs($0 - 10_000) < 500 })
        #expect((0..<1_000).allSatisfy { _ in (0..<1).contains(generator.nextUnit()) })
    }

    @Test func shufflesHoldEverything() {
        var generator = SeededGenerator(seed: 1)
        let shuffled = generator.shuffled(Array(0..<100))
        #expect(shuffled != Array(0..<100))
        #expect(shuffled.sorted() == Array(0..<100))
    }
}
