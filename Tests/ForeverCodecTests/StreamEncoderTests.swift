import ForeverCodec
import ForeverMix
import ForeverTestKit
import Foundation
import Testing

/// The endless stream: sizes, equality from any start, and where the sound lies.
struct StreamEncoderTests {
    /// A mix as a pure function of position: chirps, clicks, noise, loud and silent stretches.
    private static func mix(_ position: Int64, _ buffer: inout StereoBuffer) {
        for index in 0..<buffer.frameCount {
            let frame = position + Int64(index)
            let seconds = Double(frame) / 48_000
            var dice = Dice(seed: UInt64(bitPattern: frame))
            let noise = Float(Int64(bitPattern: dice.next()) >> 40) / 16_777_216
            let beat = Float(exp(-8 * seconds.truncatingRemainder(dividingBy: 0.5)))
            let loud: Float = Int(seconds / 3) % 3 == 2 ? 0 : 0.7
            let tone = Float(sin(2 * .pi * (220 + 40 * seconds) * seconds))
            buffer.left[index] = loud * (0.5 * tone * beat + 0.2 * noise * beat)
            buffer.right[index] = loud * (0.5 * tone + 0.1 * noise)
        }
    }

    @Test(arguments: StreamEncoder.bitratesKbps)
    func everyLegalRateHasExactFrames(_ kbps: Int) throws {
        let encoder = try StreamEncoder(bitrateKbps: kbps, firstFrame: 1_000, render: Self.mix)
        #expect(encoder.frameBytes == 3 * kbps)
        for number in 0..<20 {
            #expect(encoder.nextFrameNumber == 1_000 + Int64(number))
            let frame = try encoder.nextFrame()
            #expect(frame.count == 3 * kbps)
            // MPEG-1 layer III, no CRC; 48 kHz, no padding.
            #expect(frame[0] == 0xff && frame[1] == 0xfb && frame[2] & 0x0e == 0x04)
            // Nothing borrowed from frames before: main_data_begin is 0.
            #expect(frame[4] == 0 && frame[5] & 0x80 == 0)
        }
    }

    @Test func otherRatesAreRefused() {
        for kbps in [0, -128, 24, 100, 144, 384] {
            #expect(throws: CodecError.self) {
                try StreamEncoder(bitrateKbps: kbps, firstFrame: 0) { _, _ in }
            }
        }
    }

    @Test(arguments: [128, 320, 48])
    func anyStartGivesTheSameBytes(_ kbps: Int) throws {
        let whole = try StreamEncoder(bitrateKbps: kbps, firstFrame: 0, render: Self.mix)
        let frames = try (0..<1_100).map { _ in try whole.nextFrame() }
        var dice = Dice(seed: UInt64(kbps))
        for _ in 0..<20 {
            let first = Int.random(in: 1..<1_090, using: &dice)
            let started = try StreamEncoder(bitrateKbps: kbps, firstFrame: Int64(first), render: Self.mix)
            for number in first..<first + 10 { #expect(try started.nextFrame() == frames[number], "\(first)") }
        }
    }

    @Test func mixFrameSoundsAfterTheDelay() throws {
        let folder = try TemporaryFolder()
        let click: Int64 = 30_000
        let encoder = try StreamEncoder(bitrateKbps: 320, firstFrame: 0) { position, buffer in
            for index in 0..<buffer.frameCount {
                let distance = Double(position + Int64(index) - click)
                buffer.left[index] = Float(0.8 * exp(-distance * distance / 50))
                buffer.right[index] = buffer.left[index]
            }
        }
        var bytes: [UInt8] = []
        for _ in 0..<60 { try encoder.nextFrame(into: &bytes) }
        let decoded = try FFmpegCommand.decode(try folder.write(bytes, to: "stream.mp3")).left
        let peak = decoded.indices.max { decoded[$0] < decoded[$1] }!
        #expect(decoded.count == 60 * 1152)
        #expect(peak == Int(click) + StreamEncoder.delaySamples)
        #expect(abs(decoded[peak] - 0.8) < 0.05)
    }

    /// Mix frames before 0 are never asked for, blocks come in order, and each is asked for once.
    @Test func asksInOrder() throws {
        var asked: [Int64] = []
        let encoder = try StreamEncoder(bitrateKbps: 128, firstFrame: 3) { position, buffer in
            asked.append(position)
            #expect(buffer.frameCount == 1152)
        }
        for _ in 0..<5 { _ = try encoder.nextFrame() }
        #expect(asked == (0..<Int64(asked.count)).map { $0 * 1152 })
        #expect(asked.count >= 8)
    }

    /// A mix that fails for a while loses no frame.
    @Test func failureIsHandedOnAndRepeated() throws {
        struct Late: Error {}
        var failures = 3
        let calm = try StreamEncoder(bitrateKbps: 128, firstFrame: 50, render: Self.mix)
        let shaken = try StreamEncoder(bitrateKbps: 128, firstFrame: 50) { position, buffer in
            if position > 55 * 1152, failures > 0 {
                failures -= 1
                throw Late()
            }
            Self.mix(position, &buffer)
        }
        for _ in 0..<20 {
            let expected = try calm.nextFrame()
            var heard: [UInt8]?
            while heard == nil { heard = try? shaken.nextFrame() }
            #expect(heard == expected)
        }
        #expect(failures == 0)
    }
}
