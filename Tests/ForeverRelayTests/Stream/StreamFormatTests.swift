import ForeverRelay
import Testing

@Suite struct StreamFormatTests {
    @Test(arguments: StreamFormat.bitratesKbps)
    func everyBitRateIsExact(kbps: Int) throws {
        let format = try #require(StreamFormat(bitrateKbps: kbps))
        #expect(format.frameBytes == Int64(kbps) * 3)
        #expect(format.byteRate * 24 == format.frameBytes * 1_000)
        #expect(StreamFormat(byteRate: format.byteRate) == format)
        // Mix sample n sounds at (n + 1105) / 1152 frames.
        #expect(format.position(ofSample: -1_105) == 0)
        #expect(format.position(ofSample: 47) == format.frameBytes)
        #expect(format.position(ofSample: 46) < format.frameBytes)
        for position in [Int64(0), 1, 383, 384, 385, 1_000_003, 123_456_789_012] {
            let sample = format.sample(at: position)
            #expect(format.position(ofSample: sample) >= position)
            #expect(format.position(ofSample: sample - 1) < position)
        }
    }

    @Test func refusesOtherRates() {
        #expect(StreamFormat(bitrateKbps: 127) == nil)
        #expect(StreamFormat(bitrateKbps: 0) == nil)
        #expect(StreamFormat(byteRate: 16_001) == nil)
        #expect(StreamFormat(byteRate: -16_000) == nil)
    }

    @Test func roundsToFrames() {
        let format = TestStream.format
        #expect(format.frameFloor(0) == 0)
        #expect(format.frameFloor(383) == 0)
        #expect(format.frameFloor(384) == 384)
        #expect(format.frameFloor(-1) == -384)
        #expect(format.frameCeiling(1) == 384)
        #expect(format.frameCeiling(384) == 384)
        #expect(format.bytes(seconds: 6) == 96_000)
        #expect(format.bytes(nanoseconds: 1_500_000_000) == 24_000)
        #expect(format.bytes(nanoseconds: 62_499) == 0)
        #expect(format.bytes(nanoseconds: 62_500) == 1)
        // A year later nothing has drifted.
        #expect(format.bytes(nanoseconds: 365 * 86_400 * 1_000_000_000) == 365 * 86_400 * 16_000)
    }

    @Test func epochsAreSixteenDigits() {
        #expect(Epoch("0123456789abcdef")?.description == "0123456789abcdef")
        #expect(Epoch(bits: 1).description == "0000000000000001")
        for text in ["", "0123456789abcde", "0123456789ABCDEF", "0123456789abcdeg", "+123456789abcdef"] {
            #expect(Epoch(text) == nil)
        }
    }
}
