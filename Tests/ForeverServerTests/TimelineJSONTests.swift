import ForeverCore
import ForeverMix
import ForeverRelay
import Testing
import forever_server

@Suite struct TimelineJSONTests {
    private let format = StreamFormat(bitrateKbps: 128)!

    private func json(live: StreamPosition, onlyNow: Bool = false) -> JSONValue {
        let leg = TourLeg(
            from: "z", to: "a", cost: 0.12345, terms: ["tempo": 0.02, "key": 0.7], kind: "beatMatched")
        let member = CastMember(
            track: Samples.track("a", title: "Größer", artist: "Ä"), contentKey: "a", analysis: Samples.analysis(),
            reason: CastReason(leg: leg, relaxed: [Relaxation(rule: .artist, wanted: 2, held: 1)]))
        let news = StationNews(timeline: Samples.timeline(), cast: ["a": member])
        return TimelineJSON(epoch: Epoch(bits: 255), format: format, stationName: "Test", news: news)
            .value(live: live, edge: live + 1, wallMilliseconds: 42, onlyNow: onlyNow)
    }

    @Test func everyTrackCarriesItsPositions() throws {
        let json = json(live: 0)
        let timeline = Samples.timeline()
        let tracks = try #require(json["tracks"]?.array)
        #expect(tracks.count == 2)
        #expect(tracks[0]["title"] == "Größer")
        #expect(tracks[0]["tempoBPM"]?.number == 120)
        #expect(tracks[0]["key"] == "A minor")
        #expect(tracks[1]["titlePosition"]?.integer == format.position(ofSample: timeline.entries[1].titleFrame))
        #expect(json["epoch"] == "00000000000000ff")
        #expect(json["transitions"]?.array?.count == 1)
        #expect(json["transitions"]?.array?.first?["kind"] == "beatMatched")
    }

    @Test func aTrackSaysWhyItPlays() throws {
        let tracks = try #require(json(live: 0)["tracks"]?.array)
        let why = try #require(tracks[0]["why"])
        #expect(why["words"] == "fits in tempo, not in key; artist separation 2 relaxed to 1")
        #expect(why["cost"]?.number == 0.123)
        #expect(why["terms"] == ["key": 0.7, "tempo": 0.02])
        #expect(why["relaxed"]?.array == ["artist separation 2 relaxed to 1"])
        #expect(why["wish"] == false)
        #expect(tracks[1]["why"] == .null)
    }

    @Test func aTransitionCarriesWhatIsExpectedAndMeasured() throws {
        let report = TransitionReport(
            fromIndex: 0, toIndex: 1, style: .longBlend, levelStep: 2.25, dip: -1, bassOverlapSeconds: 0.5)
        var counts = TransitionCounts()
        counts.add(report)
        let news = StationNews(timeline: Samples.timeline(), cast: [:], reports: [report], counts: counts)
        let json = TimelineJSON(epoch: Epoch(bits: 1), format: format, stationName: "Test", news: news)
            .value(live: 0, edge: 1, wallMilliseconds: 42)
        let transition = try #require(json["transitions"]?.array?.first)
        #expect(transition["style"]?.string?.hasSuffix("Blend") == true)
        #expect(transition["expected"]?["bassOverlapSeconds"]?.number == 0.25)
        #expect(transition["report"]?["levelStepLoudnessUnits"]?.number == 2.25)
        #expect(transition["report"]?["misses"]?.array?.compactMap(\.string) == ["levelStep"])
        let rows = TransitionMetrics.rows(counts)
        #expect(
            rows.contains {
                $0.name == "transition_misses_total" && $0.labels.first?.value == "levelStep" && $0.value == "1"
            })
        #expect(transition["report"]?["unheard"] == true)
        #expect(rows.contains { $0.name == "transition_unheard_total" && $0.value == "1" })
        #expect(rows.contains { $0.name == "transitions_total" && $0.labels.first?.value == "cut" && $0.value == "0" })
    }

    @Test func nowIsTheTrackAtTheLiveEdge() throws {
        let title = format.position(ofSample: Samples.timeline().entries[1].titleFrame)
        #expect(json(live: title - format.byteRate, onlyNow: true)["tracks"]?.array?.map { $0["id"] } == ["a"])
        #expect(json(live: title + format.byteRate, onlyNow: true)["tracks"]?.array?.map { $0["id"] } == ["b"])
    }

    @Test func positionsNeverLieBeforeTheEpoch() throws {
        let tracks = try #require(json(live: 0)["tracks"]?.array)
        #expect(tracks.allSatisfy { ($0["startPosition"]?.integer ?? -1) >= 0 })
    }
}
