import ForeverRelay
import Testing

@Suite struct MP3FrameParserTests {
    private let stream = TestStream()

    @Test func readsHeaders() {
        let header = MP3FrameHeader(0xFF, 0xFB, 0x94, 0x44)
        #expect(header?.bitrateKbps == 128 && header?.sampleRateHz == 48_000 && header?.frameBytes == 384)
        #expect(header?.version == 1 && header?.isMono == false)
        #expect(MP3FrameHeader(0xFF, 0xFB, 0x92, 0x44)?.frameBytes == 418, "44.1 kHz, padded")
        #expect(MP3FrameHeader(0xFF, 0xF3, 0x84, 0xC4)?.frameBytes == 192, "MPEG-2 at 24 kHz, 64 kbit/s")
        #expect(MP3FrameHeader(0xFF, 0xE3, 0x84, 0x44)?.sampleRateHz == 12_000, "MPEG-2.5")
        for (a, b, c, d) in [
            (0xFE, 0xFB, 0x94, 0x44), (0xFF, 0xDB, 0x94, 0x44), (0xFF, 0xEB, 0x94, 0x44), (0xFF, 0xFD, 0x94, 0x44),
            (0xFF, 0xFB, 0x04, 0x44), (0xFF, 0xFB, 0xF4, 0x44), (0xFF, 0xFB, 0x9C, 0x44), (0xFF, 0xFB, 0x94, 0x46),
        ] as [(UInt8, UInt8, UInt8, UInt8)] {
            #expect(MP3FrameHeader(a, b, c, d) == nil)
        }
    }

    @Test func findsEveryFrameWhateverThePieces() {
        let bytes = stream.bytes(0, 384 * 50)
        var generator = SeededGenerator(3)
        for _ in 0..<50 {
            var parser = MP3FrameParser()
            var found: [StreamPosition] = []
            var index = 0
            while index < bytes.count {
                let count = min(bytes.count - index, Int.random(in: 1...900, using: &generator))
                found += parser.append(bytes[index..<(index + count)]).map(\.position)
                index += count
            }
            #expect(found == (0..<50).map { $0 * 384 })
            #expect(parser.skippedBytes == 0)
        }
    }

    @Test(arguments: [1, 100, 383])
    func getsIntoStepFromTheMiddle(offset: Int64) {
        var parser = MP3FrameParser(startingAt: offset)
        let found = parser.append(stream.bytes(offset, 384 * 10)).map(\.position)
        #expect(found.first == 384)
        #expect(parser.skippedBytes == 384 - offset)
    }

    @Test func getsIntoStepAgainAfterDamage() {
        var bytes = stream.bytes(0, 384 * 20)
        bytes.removeSubrange(384 * 5 + 50..<384 * 5 + 100)  // 50 bytes lost in frame 5
        var parser = MP3FrameParser()
        let found = parser.append(bytes).map(\.position)
        // The frame that begins inside the promised length of the damaged one is lost with it; all others are found.
        let expected: [StreamPosition] = (0...5).map { $0 * 384 } + (7...19).map { $0 * 384 - 50 }
        #expect(found == expected)
    }

    @Test func isNotTakenInByNoise() {
        var generator = SeededGenerator(9)
        var parser = MP3FrameParser()
        let noise = (0..<200_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
        #expect(parser.append(noise).count <= 2)
    }
}
