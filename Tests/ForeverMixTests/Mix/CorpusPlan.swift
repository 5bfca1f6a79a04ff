import Foundation
import ForeverMix

/// What was decided for a pair of the corpus, as its golden file keeps it: enough to see that every mix would sound otherwise.
struct CorpusPlan: Codable, Equatable {
    var style: TransitionStyle
    var reason: String
    /// Where the outgoing track is left and the incoming one entered. **Units:** s of each track.
    var leftAt: Double
    var enteredAt: Double
    /// **Units:** s.
    var overlap: Double
    var beatCount: Int
    /// When the basses change hands, from the overlap's start; nil where they have no time of their own. **Units:** s.
    var bassSwap: [Double]?
    /// When the harmonies do. **Units:** s.
    var middleSwap: [Double]?
    /// How far each track is pushed. **Units:** per cent.
    var stretch: [Double]
    /// How much later than the overlap's end the incoming track is at its own tempo. **Units:** s.
    var settling: Double
    /// **Units:** dB.
    var gains: [Double]
    /// **Units:** LU.
    var expectedStep: Double
    var expectedDip: Double
    var expectedBump: Double

    init(_ timeline: MixTimeline) {
        let transition = timeline.transitions[1]
        let (from, to) = (timeline.entries[0], timeline.entries[1])
        func rounded(_ value: Double) -> Double { (value * 1_000).rounded() / 1_000 + 0 }
        func seconds(_ frames: Int64) -> Double { rounded(AudioFormat.seconds(frames)) }
        func place(_ entry: MixEntry) -> Double {
            rounded(entry.tempoMap.sourceFrame(atOutput: Double(transition.startFrame)) / 48_000)
        }
        func span(_ span: Fade.Span?) -> [Double]? {
            span.map { [$0.startFrame, $0.endFrame].map { seconds($0 - transition.startFrame) } }
        }
        style = transition.style ?? .fade
        reason = transition.reason
        leftAt = place(from)
        enteredAt = place(to)
        overlap = seconds(transition.endFrame - transition.startFrame)
        beatCount = transition.beatFrames?.count ?? 0
        bassSwap = span(to.fadeIn?.bassSwap)
        middleSwap = span(to.fadeIn?.middle)
        stretch = [
            transition.expectation?.outgoingStretchPercent ?? 0, transition.expectation?.incomingStretchPercent ?? 0,
        ].map(rounded)
        settling = seconds(transition.settledFrame - transition.endFrame)
        gains = [from, to].map { rounded($0.gainDecibels) }
        expectedStep = rounded(transition.expectedStepLoudnessUnits)
        expectedDip = rounded(transition.expectation?.dip ?? 0)
        expectedBump = rounded(transition.expectation?.bump ?? 0)
    }

    /// Where it differs from `golden` by more than other processors' arithmetic can: 5 ms, 0.1 % and 0.1 LU.
    func differences(from golden: CorpusPlan) -> [String] {
        var differences: [String] = []
        func compare(_ name: String, _ a: [Double], _ b: [Double], _ tolerance: Double) {
            if a.count != b.count || zip(a, b).contains(where: { abs($0 - $1) > tolerance }) {
                differences.append("\(name): \(a), was \(b)")
            }
        }
        if style != golden.style { differences.append("style: \(style), was \(golden.style)") }
        if reason != golden.reason { differences.append("reason: \(reason), was \(golden.reason)") }
        if beatCount != golden.beatCount { differences.append("beatCount: \(beatCount), was \(golden.beatCount)") }
        compare("leftAt", [leftAt], [golden.leftAt], 0.005)
        compare("enteredAt", [enteredAt], [golden.enteredAt], 0.005)
        compare("overlap", [overlap], [golden.overlap], 0.005)
        compare("bassSwap", bassSwap ?? [], golden.bassSwap ?? [], 0.005)
        compare("middleSwap", middleSwap ?? [], golden.middleSwap ?? [], 0.005)
        compare("settling", [settling], [golden.settling], 0.005)
        compare("stretch", stretch, golden.stretch, 0.1)
        compare("gains", gains, golden.gains, 0.1)
        compare("expectedStep", [expectedStep], [golden.expectedStep], 0.1)
        compare("expectedDip", [expectedDip], [golden.expectedDip], 0.1)
        compare("expectedBump", [expectedBump], [golden.expectedBump], 0.1)
        return differences
    }

    /// Where the golden files are.
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Corpus/mix")

    static func file(of pair: CorpusPair) -> URL {
        folder.appending(path: pair.description.filter { $0 != "," }.replacing(" ", with: "-") + ".json")
    }

    /// The golden plan of `pair`; nil where there is none yet.
    static func golden(of pair: CorpusPair) throws -> CorpusPlan? {
        guard let data = try? Data(contentsOf: file(of: pair)) else { return nil }
        return try JSONDecoder().decode(CorpusPlan.self, from: data)
    }

    func write(for pair: CorpusPair) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try (encoder.encode(self) + Data("\n".utf8)).write(to: CorpusPlan.file(of: pair))
    }
}
