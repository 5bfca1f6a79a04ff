import ForeverMix
import Testing

@Suite struct DemoSourceTests {
    private static let tracks = DemoCrate(seed: 7).tracks

    /// Frames `start ..< start + count`, read in blocks of `blockFrames`.
    private func read(_ source: any SampleSource, _ start: Int64, _ count: Int, blockFrames: Int) throws -> StereoBuffer
    {
        var buffer = StereoBuffer(frameCount: count)
        var done = 0
        while done < count {
            let frames = min(blockFrames, count - done)
            try source.read(from: start + Int64(done), count: frames, into: &buffer, at: done)
            done += frames
        }
        return buffer
    }

    /// A small generator of positions.
    private func positions(_ count: Int, upTo limit: Int64) -> [Int64] {
        var state: UInt64 = 88_172_645_463_325_252
        return (0..<count).map { _ in
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int64(state % UInt64(limit))
        }
    }

    @Test(arguments: [0, 2, 12, 19]) func readsTheSameFromAnywhere(place: Int) throws {
        let track = Self.tracks[place]
        let source = track.makeSource()
        #expect(source.frameCount == track.frameCount)
        let start = track.frameCount / 3
        let whole = try read(source, start, 480_000, blockFrames: 480_000)
        #expect(try read(source, start, 480_000, blockFrames: 1152) == whole)
        #expect(try read(source, start, 480_000, blockFrames: 977) == whole)
        for position in positions(60, upTo: 478_000) {
            let count = 1 + Int(position % 1999)
            let part = try read(source, start + position, count, blockFrames: count)
            let range = Int(position)..<Int(position) + count
            #expect(part.left == Array(whole.left[range]) && part.right == Array(whole.right[range]))
        }
    }

    @Test func anotherCrateOfTheSeedSoundsTheSame() throws {
        let other = DemoCrate(seed: 7).tracks
        for place in [1, 9, 17] {
            let first = Self.tracks[place].makeSource()
            let second = other[place].makeSource()
            for position in positions(12, upTo: first.frameCount) {
                #expect(
                    try read(first, position, 2304, blockFrames: 2304)
                        == read(second, position, 2304, blockFrames: 1000))
            }
        }
    }

    @Test func isSilentOutsideTheTrack() throws {
        let track = Self.tracks[5]
        let source = track.makeSource()
        var buffer = StereoBuffer(left: .init(repeating: 1, count: 3000), right: .init(repeating: 1, count: 3000))
        try source.read(from: -2000, count: 2000, into: &buffer, at: 500)
        #expect(buffer.left[..<500].allSatisfy { $0 == 1 } && buffer.left[2500...].allSatisfy { $0 == 1 })
        #expect(buffer.left[500..<2500].allSatisfy { $0 == 0 } && buffer.right[500..<2500].allSatisfy { $0 == 0 })
        let end = try read(source, track.frameCount, 3000, blockFrames: 1152)
        #expect(end.left.allSatisfy { $0 == 0 } && end.right.allSatisfy { $0 == 0 })
        // And the last frames before the end have rung out.
        let last = try read(source, track.frameCount - 480, 480, blockFrames: 480)
        #expect(last.left.allSatisfy { abs($0) < 0.01 })
    }

    /// Levels and memory, over a third of every track: nothing clips, no offset, both sides sound, loud and quiet tracks exist.
    @Test func levelsAndMemoryAreSound() throws {
        var effective: [Double] = []
        for track in Self.tracks {
            let source = track.makeSource()
            var (sum, power, sidePower) = (0.0, 0.0, 0.0)
            var count = 0
            var peak: Float = 0
            for start in stride(from: Int64(0), to: track.frameCount - 16_384, by: 49_152) {
                let block = try read(source, start, 16_384, blockFrames: 16_384)
                for (left, right) in zip(block.left, block.right) {
                    peak = max(peak, abs(left), abs(right))
                    sum += Double(left + right)
                    power += Double(left * left + right * right)
                    sidePower += Double((left - right) * (left - right))
                }
                count += 2 * 16_384
            }
            #expect(peak < 0.9 && peak > 0.25, "\(track.title): peak \(peak)")
            #expect(abs(sum / Double(count)) < 0.002, "\(track.title): offset \(sum / Double(count))")
            #expect(sidePower / power > 0.01 && sidePower / power < 1, "\(track.title): width")
            effective.append(power / Double(count))
            #expect(track.sourceBytes < 10_000_000, "\(track.title): \(track.sourceBytes) bytes")
            withExtendedLifetime(source) {}
        }
        // Mean squares between -25 and -9.6 dB, and a spread that gives levelling something to do.
        #expect(effective.min()! > 0.003 && effective.max()! < 0.11, "\(effective)")
        #expect(effective.max()! / effective.min()! > 2.5)
    }

    /// The kick's attack is at the beat, to the frame: nothing before the first, and a jump within 2 ms of each.
    @Test func kicksAreOnTheBeat() throws {
        for track in [0, 2, 4, 7, 8, 10, 13, 17, 19].map({ Self.tracks[$0] }) {
            let source = track.makeSource()
            let first = AudioFormat.frames(track.beats[0])
            let opening = try read(source, 0, Int(first) + 480, blockFrames: 4096)
            #expect(opening.left[..<Int(first)].allSatisfy { $0 == 0 })
            #expect(opening.left[Int(first)...].prefix(48).contains { abs($0) > 0.02 }, "\(track.title)")
            guard track.isFourOnFloor else { continue }
            for beat in track.beats[1..<16] {
                let frame = AudioFormat.frames(beat)
                let around = try read(source, frame - 96, 192, blockFrames: 192)
                let before = around.left[..<96].reduce(0) { max($0, abs($1)) }
                let after = around.left[96...].reduce(0) { max($0, abs($1)) }
                #expect(after > before + 0.1, "\(track.title): \(before) to \(after)")
            }
        }
    }
}
