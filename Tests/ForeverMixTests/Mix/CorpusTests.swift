import Dispatch
import Foundation
import ForeverMix
import Synchronization
import Testing

/// Pairs of all kinds, analysed, planned and rendered as a station would, held to the bars and to their golden plans.
@Suite struct CorpusTests {
    /// `make golden` sets it: then the golden plans are written instead of compared.
    private static let renews = ProcessInfo.processInfo.environment["RENEW_GOLDEN"] == "1"

    @Test(arguments: CorpusPair.all) func mixesWell(_ pair: CorpusPair) throws {
        let mix = try CorpusMix(pair)
        let style = try #require(mix.transition.style)
        #expect(pair.styles.contains(style), "\(mix.transition.reason)")
        #expect(CorpusJudge(mix).misses == [:], "\(style): \(mix.transition.reason)")

        let plan = CorpusPlan(mix.timeline)
        if CorpusTests.renews { try plan.write(for: pair) }
        let golden = try #require(try CorpusPlan.golden(of: pair), "no golden plan: make golden")
        #expect(plan.differences(from: golden) == [], "if this is meant: make golden, and look at what changed")
    }

    @Test func everyGoldenPlanHasItsPair() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: CorpusPlan.folder.path)
        #expect(Set(files) == Set(CorpusPair.all.map { CorpusPlan.file(of: $0).lastPathComponent }))
    }

    /// Four at once on all cores against one alone: analyses, decisions and samples are the same to the last bit.
    @Test func anyNumberOfCoresGivesTheSame() throws {
        let alone = try CorpusMix(.tempo)
        let others = Mutex<[CorpusMix]>([])
        DispatchQueue.concurrentPerform(iterations: 4) { _ in
            guard let mix = try? CorpusMix(.tempo) else { return }
            others.withLock { $0.append(mix) }
        }
        let mixes = others.withLock { $0 }
        #expect(mixes.count == 4)
        for mix in mixes {
            #expect(mix.analyses == alone.analyses)
            #expect(mix.timeline == alone.timeline)
            #expect(mix.samples == alone.samples)
            #expect(mix.reports == alone.reports)
        }
    }
}
