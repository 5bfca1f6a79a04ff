import ForeverCatalogue
import ForeverCore
import ForeverMix
import ForeverTestKit
import Foundation
import Testing
import forever_server

/// What is kept in short beside analyses.
@Suite struct SoundSummaryTests {
    @Test func itSaysOfATrackWhatTheAnalysisSays() throws {
        var analysis = Samples.analysis(tempo: 126)
        let summary = SoundSummary(analysis)
        #expect(try JSONDecoder().decode(SoundSummary.self, from: try JSONEncoder().encode(summary)) == summary)
        let facts = summary.facts(of: Samples.track("a"))
        #expect(facts.tempo == 126 && facts.key == KeyFact(tonic: "A", mode: "minor") && facts.loudness == -12)
        // What the analysis does not trust is the tags' to say.
        analysis.trusted.beats = false
        var track = Samples.track("a")
        track.hints = TagHints(tempo: 63)
        #expect(SoundSummary(analysis).facts(of: track).tempo == 63)
    }

    /// The catalogue's is believed only as long as it is of the analysis that is there.
    @Test func itIsKeptAndMadeAnew() throws {
        let folder = try TemporaryFolder()
        let catalogue = try Catalogue(path: folder("catalogue.sqlite"))
        let analyst = Analyst(opener: SoundOpener(crate: DemoCrate(seed: 1)), catalogue: catalogue)
        let version = TrackAnalysis.currentVersion
        #expect(analyst.summary(contentKey: "c") == nil)
        func store(_ tempo: Double) throws {
            try catalogue.storeAnalysis(
                try JSONEncoder().encode(Samples.analysis(tempo: tempo)), forContent: "c", version: version)
        }
        try store(120)
        #expect(analyst.summary(contentKey: "c") == SoundSummary(Samples.analysis(tempo: 120)))
        #expect(try catalogue.summary(forContent: "c", version: version) != nil)
        try store(124)
        #expect(analyst.summary(contentKey: "c") == SoundSummary(Samples.analysis(tempo: 124)))
        // One of another program is no summary.
        try catalogue.storeSummary(Data("{\"version\":0}".utf8), forContent: "c", version: version)
        #expect(analyst.summary(contentKey: "c") == SoundSummary(Samples.analysis(tempo: 124)))
    }
}
