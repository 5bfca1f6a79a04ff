import ForeverHTTP
import ForeverRelay
import ForeverTestKit
import Testing

@Suite struct StreamSampleTests {
    private let folder: TemporaryFolder
    private let ring: StreamRing
    private let stream = TestStream()
    private let format = TestStream.format

    init() throws {
        folder = try TemporaryFolder()
        ring = try StreamRing(
            path: folder("stream.ring"), epoch: TestStream.epoch, format: format,
            capacityBytes: Int(format.bytes(seconds: 56)))
        ring.append(stream.bytes(0, 384 * 3_000))
    }

    private func head(_ position: StreamPosition, epoch: Epoch = TestStream.epoch, status: Status = .ok) -> ResponseHead
    {
        ResponseHead(
            status: status, version: .http11,
            headers: [
                "Forever-Epoch": epoch.description, "Forever-Byte-Rate": "16000", "Forever-Position": "\(position)",
                "Forever-Live": "\(position)",
            ])
    }

    /// What a sample of these bytes comes to, cut into pieces of a seed's sizes; nil when more is wanted.
    private func outcome(
        _ bytes: [UInt8], from position: StreamPosition, seed: UInt64 = 1
    ) -> InspectionPlan.SampleOutcome? {
        var sample = StreamSample(ring: ring)
        if let early = sample.begin(head(position), isFull: false) { return early }
        var random = SeededGenerator(seed)
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = Array(rest.prefix(Int.random(in: 1...3_000, using: &random)))
            rest = rest.dropFirst(piece.count)
            if let outcome = piece.withUnsafeBytes({ sample.take($0) }) { return outcome }
        }
        return nil
    }

    private let from: StreamPosition = 384 * 1_500
    private var honest: [UInt8] { stream.bytes(from, from + 101_000) }

    @Test func theStationsOwnBytesAreGood() {
        for seed in 1...20 { #expect(outcome(honest, from: from, seed: UInt64(seed)) == .good) }
    }

    @Test func oneAlteredByteInAHundredThousandIsSeenWhereverItIs() {
        var random = SeededGenerator(7)
        for seed in 1...50 {
            var bytes = honest
            let place = Int.random(in: 0..<Int(StreamSample.bytesWanted), using: &random)
            bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            guard case .altered = outcome(bytes, from: from, seed: UInt64(seed)) else {
                Issue.record("byte \(place) was not seen")
                continue
            }
        }
    }

    @Test func aSkipToALaterFrameIsNoAlteration() {
        let bytes = Array(honest.prefix(384 * 20)) + stream.bytes(from + 384 * 90, from + 384 * 300)
        #expect(outcome(bytes, from: from) == .open("it skipped"))
        let back = Array(honest.prefix(384 * 20)) + stream.bytes(from - 384 * 90, from)
        guard case .altered = outcome(back, from: from) else {
            return #expect(Bool(false), "sound of before is not live")
        }
    }

    @Test func whatIsNotMixedYetOrLongGoneIsJudged() {
        let ahead = stream.bytes(384 * 2_900, 384 * 3_200)
        guard case .altered = outcome(ahead, from: 384 * 2_900) else { return #expect(Bool(false)) }
        ring.append(stream.bytes(384 * 3_000, 384 * 4_000))
        let old = stream.bytes(0, 384 * 10)
        guard case .poor(let why) = outcome(old, from: 0) else { return #expect(Bool(false)) }
        #expect(why.contains("behind"))
    }

    @Test func headsAreJudged() {
        var sample = StreamSample(ring: ring)
        #expect(sample.begin(head(from, epoch: Epoch(bits: 5)), isFull: false) == .open("it plays another epoch"))
        guard case .altered = sample.begin(head(from + 1), isFull: false) else { return #expect(Bool(false)) }
        guard case .poor = sample.begin(head(from, status: .serviceUnavailable), isFull: false) else {
            return #expect(Bool(false))
        }
        #expect(sample.begin(head(from, status: .found), isFull: true) == .open("it is full"))
        guard case .poor = sample.ended("silence") else { return #expect(Bool(false)) }
    }
}
