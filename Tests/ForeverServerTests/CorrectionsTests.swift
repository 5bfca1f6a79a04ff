import ForeverCatalogue
import ForeverCore
import Foundation
import Testing
import forever_server

@Suite struct CorrectionsTests {
    private func record(_ content: String, _ json: String, at milliseconds: Int64, source: String = "operator")
        -> CorrectionRecord
    {
        CorrectionRecord(content: content, source: source, json: Data(json.utf8), changedMilliseconds: milliseconds)
    }

    @Test func whatIsSaidOfASoundCloudTrackHoldsForOtherBytesToo() throws {
        let catalogue = try Catalogue(path: ":memory:")
        let corrections = Corrections(catalogue: catalogue)
        try corrections.set(Correction(neverPlay: true), .operator, content: "soundcloud:tracks:7:1000")
        try corrections.set(Correction(neverMix: true), .operator, content: "5-abc")
        for content in ["soundcloud:tracks:7:1000", "soundcloud:tracks:7:99", "soundcloud:tracks:7"] {
            #expect(corrections[content]?.neverPlay == true, "\(content)")
            #expect(corrections.from(.operator, content)?.neverPlay == true)
        }
        #expect(corrections["soundcloud:tracks:77:1000"] == nil && corrections["5"] == nil)
        #expect(try catalogue.corrections().map(\.content) == ["5-abc", "soundcloud:tracks:7"])
        #expect(Corrections(catalogue: catalogue)["soundcloud:tracks:7:3"]?.neverPlay == true, "in the next life")
        try corrections.set(nil, .operator, content: "soundcloud:tracks:7:4")
        #expect(corrections["soundcloud:tracks:7:1000"] == nil)
        #expect(try catalogue.corrections().map(\.content) == ["5-abc"])
    }

    /// As catalogues of before hold it.
    @Test func whatWasSaidOfOneTracksBytesIsTakenOver() throws {
        let catalogue = try Catalogue(path: ":memory:")
        try catalogue.storeCorrection(record("soundcloud:tracks:7:1000", #"{"neverMix":true}"#, at: 5))
        try catalogue.storeCorrection(record("soundcloud:tracks:7:900", #"{"neverPlay":true}"#, at: 9))
        try catalogue.storeCorrection(record("soundcloud:tracks:8:900", #"{"neverPlay":true}"#, at: 1))
        let corrections = Corrections(catalogue: catalogue)
        #expect(corrections["soundcloud:tracks:7:1"] == Correction(neverPlay: true), "the latest word")
        #expect(corrections["soundcloud:tracks:8"]?.neverPlay == true)
        #expect(try catalogue.corrections().map(\.content) == ["soundcloud:tracks:7", "soundcloud:tracks:8"])
    }

    @Test func anothersChangeReachesTheTrackAtHand() throws {
        let catalogue = try Catalogue(path: ":memory:")
        let corrections = Corrections(catalogue: catalogue)
        let crate = Crate()
        var track = Samples.track("soundcloud:tracks:7")
        track.origin = .soundCloud(CloudURN(.tracks, "7")!)
        crate.put(CrateTrack(track: track, contentKey: "soundcloud:tracks:7:1000", knowledge: .unknown))
        try catalogue.storeCorrection(record("soundcloud:tracks:7", #"{"neverPlay":true}"#, at: 5))
        let changed = corrections.reload()
        #expect(changed == ["soundcloud:tracks:7"])
        #expect(crate.entries(withContents: changed).map(\.track.id) == ["soundcloud:tracks:7"])
    }
}
