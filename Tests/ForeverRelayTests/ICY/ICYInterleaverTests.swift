import ForeverRelay
import Testing

/// Streams with titles that change at the worst moment: while a block is half sent.
@Suite struct ICYInterleaverTests {
    private let interval = 10
    private let long = StreamTitle(position: 0, text: String(repeating: "long ", count: 20))
    private let short = StreamTitle(position: 0, text: "short")

    /// Walks `budget` bytes; audio bytes are 1.
    private func walk(
        _ icy: inout ICYInterleaver, _ position: inout StreamPosition, budget: Int, _ titles: TitleTrack
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        var left = budget
        position += icy.walk(from: position, to: 1_000, budget: &left, titles: titles) { block, _, count in
            bytes +=
                block.map { Array(UnsafeRawBufferPointer(start: $0, count: count)) }
                ?? Array(repeating: 1, count: count)
            return true
        }
        return bytes
    }

    /// The blocks of a stream, taken apart by their length bytes; nil when audio is not where it must be.
    private func blocks(_ wire: [UInt8]) -> [[UInt8]]? {
        var rest = wire[...]
        var blocks: [[UInt8]] = []
        while rest.count > interval {
            guard rest.prefix(interval).allSatisfy({ $0 == 1 }) else { return nil }
            rest = rest.dropFirst(interval)
            let block = rest.prefix(1 + Int(rest.first!) * 16)
            blocks.append(Array(block))
            rest = rest.dropFirst(block.count)
        }
        return blocks
    }

    /// What is sent when, after so many bytes, the titles become others: in the same track, or in another one.
    private func wire(changeAfter bytes: Int, to titles: [StreamTitle], inAnotherTrack: Bool) -> [UInt8] {
        var icy = ICYInterleaver(intervalBytes: interval)
        var position: StreamPosition = 0
        let track = TitleTrack()
        track.replace(with: [long])
        let first = walk(&icy, &position, budget: bytes, track)
        let other = inAnotherTrack ? TitleTrack() : track
        other.replace(with: titles)
        if inAnotherTrack { icy.goToAnotherTrack() }
        return first + walk(&icy, &position, budget: 300, other)
    }

    @Test(arguments: [false, true])
    func aTitleForgottenUnderWayMovesNoAudio(inAnotherTrack: Bool) throws {
        for titles in [[], [short]] {
            for bytes in 0...150 {
                let wire = wire(changeAfter: bytes, to: titles, inAnotherTrack: inAnotherTrack)
                let blocks = try #require(self.blocks(wire), "changed after \(bytes)")
                let found = blocks.compactMap(titleOfBlock)
                #expect(Set(found).isSubset(of: [long.text, short.text]), "changed after \(bytes)")
                // The new title comes, even where the old track gave its place in the order to another text.
                #expect(titles.isEmpty || found.last == short.text, "changed after \(bytes)")
            }
        }
    }
}
