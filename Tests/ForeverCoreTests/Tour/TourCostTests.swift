import ForeverCore
import Foundation
import Testing

@Suite struct TourCostTests {
    private let cost = TourCost()

    private func term(_ name: TourTerm, _ a: TrackFacts, _ b: TrackFacts) -> Double? {
        cost.leg(from: a, to: b).terms[name.rawValue]
    }

    @Test(arguments: [
        (120.0, 120.0, 0.0), (87, 174, 0), (174, 87, 0), (120, 127.2, 0.084), (84, 160, 0.0704), (60, 240, 1),
        (100, 141.4, 0.4998),
    ])
    func foldsTempiByOneOctave(a: Double, b: Double, octaves: Double) throws {
        #expect(abs(try #require(TempoFolding.octaves(a, b)) - octaves) < 1e-3)
    }

    @Test func aTempoThatIsNoneHasNoDistance() {
        for tempo in [0, -1, .nan, .infinity] {
            #expect(TempoFolding.octaves(120, tempo) == nil)
            #expect(term(.tempo, TrackFacts(id: "a", tempo: 120), TrackFacts(id: "b", tempo: tempo)) == nil)
        }
    }

    @Test func tempoStepsUpWhereBeatsCannotBeMatched() throws {
        func value(_ tempo: Double) throws -> Double {
            try #require(term(.tempo, TrackFacts(id: "a", tempo: 120), TrackFacts(id: "b", tempo: tempo)))
        }
        #expect(try value(120) == 0)
        #expect(try value(134.8) <= 0.3)  // 1.06 x 1.06
        #expect(try value(134.9) >= 0.7)
        #expect(try value(124) < value(126))
        #expect(try value(145) < value(169))
    }

    @Test func keysAreFarAsOnTheCircle() throws {
        func value(_ a: (String, String), _ b: (String, String)) throws -> Double {
            try #require(
                term(
                    .key, TrackFacts(id: "a", key: KeyFact(tonic: a.0, mode: a.1)),
                    TrackFacts(id: "b", key: KeyFact(tonic: b.0, mode: b.1))))
        }
        #expect(try value(("C", "major"), ("C", "major")) == 0)
        #expect(try value(("C", "major"), ("A", "minor")) < value(("C", "major"), ("G", "major")))
        #expect(try value(("C", "major"), ("G", "major")) == value(("C", "major"), ("F", "major")))
        #expect(try value(("C", "major"), ("G", "major")) < value(("C", "major"), ("D", "major")))
        #expect(try value(("C", "major"), ("F#", "major")) == 1)
        #expect(try value(("B", "minor"), ("F#", "minor")) == value(("C", "major"), ("G", "major")))
    }

    @Test func namesAndTagsCountByLikeness() throws {
        func genre(_ a: String, _ b: String) throws -> Double {
            try #require(term(.genre, TrackFacts(id: "a", genre: a), TrackFacts(id: "b", genre: b)))
        }
        #expect(try genre("House", " house ") == 0)
        #expect(try genre("deep house", "house") < genre("techno", "house"))
        #expect(try genre("dub", "techno") == 1)

        let a = TrackFacts(id: "a", artist: "Mira Vale", tags: ["Night", "slow"])
        let b = TrackFacts(id: "b", artist: "mira vale", tags: ["night", "fast"])
        #expect(abs(try #require(term(.tags, a, b)) - 2.0 / 3) < 1e-6)
        #expect(term(.artist, a, b) == 1)
        #expect(term(.artist, a, TrackFacts(id: "c", artist: "Other")) == 0)
        #expect(term(.artist, a, TrackFacts(id: "c")) == nil)
    }

    @Test func timbresAreFarWhereTheyDiffer() throws {
        func value(_ a: [Double], _ b: [Double]) -> Double? {
            term(.timbre, TrackFacts(id: "a", timbre: a), TrackFacts(id: "b", timbre: b))
        }
        #expect(value([10, 0, -5], [10, 0, -5]) == 0)
        #expect(try abs(#require(value([6, 0], [0, 0])) - 0.5) < 1e-6)
        #expect(value([0, 0, 100], [0, 0, 0]) == 1)
        #expect(value([], [1]) == nil)
        #expect(value([.nan], [1]) == nil)
    }

    @Test func aMissingValueLeavesItsTermAndWeightOut() {
        let a = TrackFacts(id: "a", tempo: 120, energy: 0.2)
        let b = TrackFacts(id: "b", tempo: 120, energy: 0.7, loudness: -10)
        let leg = cost.leg(from: a, to: b)
        #expect(Set(leg.terms.keys) == ["tempo", "energy"])
        let weights = cost.weights
        let expected = (weights[.tempo] * 0 + weights[.energy] * 0.5) / (weights[.tempo] + weights[.energy])
        #expect(abs(leg.cost - expected) < 1e-12)
        let nothing = cost.leg(from: TrackFacts(id: "a"), to: TrackFacts(id: "b"))
        #expect(nothing.terms.isEmpty)
        #expect(nothing.cost == 0.5)
    }

    @Test func theLegsCostIsTheWeightedMeanOfItsTerms() {
        let tracks = Crates.drawn(40, seed: 5)
        let cost = TourCost(opinion: Crates.lopsided)
        for (a, b) in zip(tracks, tracks.dropFirst()) {
            let leg = cost.leg(from: a, to: b)
            var sum = 0.0
            var weight = 0.0
            for (name, value) in leg.terms {
                #expect((0...1).contains(value))
                let term = TourTerm(rawValue: name)!
                sum += cost.weights[term] * value
                weight += cost.weights[term]
            }
            #expect(abs(leg.cost - (weight > 0 ? sum / weight : 0.5)) < 1e-9)
            #expect((0...1).contains(leg.cost))
        }
    }

    @Test func thePlannersOpinionIsATermAndNamesTheKind() {
        let a = TrackFacts(id: "a", tempo: 120)
        let b = TrackFacts(id: "b", tempo: 122)
        var cost = TourCost(opinion: { _, _ in TransitionOpinion(cost: 0.75, kind: "cut") })
        #expect(cost.leg(from: a, to: b).terms["transition"] == 0.75)
        #expect(cost.leg(from: a, to: b).kind == "cut")
        #expect(cost.cost(from: a, to: b) > TourCost().cost(from: a, to: b))
        cost.opinion = { _, _ in TransitionOpinion(cost: .nan, kind: "broken") }
        #expect(cost.leg(from: a, to: b).terms["transition"] == 1)
        cost.opinion = { _, _ in nil }
        #expect(cost.leg(from: a, to: b) == TourCost().leg(from: a, to: b))
        #expect(cost.leg(from: a, to: b).kind == "beatMatched")
        #expect(cost.leg(from: a, to: TrackFacts(id: "c", tempo: 150)).kind == "fade")
        #expect(cost.leg(from: a, to: TrackFacts(id: "c")).kind == "fade")
    }

    @Test func aLegSaysWhatSpeaksForIt() {
        func words(_ terms: [String: Double]) -> String {
            TourLeg(from: "a", to: "b", cost: 0.5, terms: terms, kind: "fade").inWords()
        }
        #expect(words(["key": 0, "tempo": 0.1, "genre": 0.3]) == "fits in tempo and key")
        #expect(
            words(["transition": 0.1, "tempo": 0.9, "energy": 0.6]) == "fits in how they mix, not in tempo and energy")
        #expect(words(["tempo": 1]) == "does not fit in tempo")
        #expect(words(["tempo": 0.3]) == "fits fairly")
        #expect(words([:]) == "nothing is known of the two")
        #expect(words(["artist": 1, "tempo": 0]) == "fits in tempo; by the same artist")
        #expect(words(["shape": 0, "timbre": 0]) == "fits in the hour's energy and sound")
    }

    @Test func weightsReadFromJSONKeepTheOtherDefaults() throws {
        let weights = try JSONDecoder().decode(TourWeights.self, from: Data(#"{"key":99,"genre":0}"#.utf8))
        #expect(weights[.key] == 99)
        #expect(weights[.genre] == 0)
        #expect(weights[.tempo] == TourWeights()[.tempo])
        let again = try JSONDecoder().decode(TourWeights.self, from: JSONEncoder().encode(weights))
        #expect(again == weights)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(TourWeights.self, from: Data(#"{"colour":1}"#.utf8))
        }
        var written = TourWeights()
        try written.set("key=99")
        #expect(written[.key] == 99)
        #expect(throws: TourWeights.MalformedWeight.self) { try written.set("colour=1") }
        for text in ["key", "key=", "key=-1", "key=nan", "=1", "key=1=2"] {
            #expect(throws: TourWeights.MalformedWeight.self, "\(text)") { try written.set(text) }
        }
        let cost = TourCost(weights: weights)
        let leg = cost.leg(from: TrackFacts(id: "a", genre: "x"), to: TrackFacts(id: "b", genre: "y"))
        #expect(leg.terms["genre"] == nil)
    }

    @Test func theMatrixHasAHeaderAndARowPerTrack() throws {
        var tracks = Crates.drawn(6, seed: 9)
        tracks[2].id = "with, \"quotes\""
        let cost = TourCost(opinion: Crates.lopsided)
        var csv = Data()
        CostMatrix(tracks: tracks, cost: cost).write { csv += $0 }
        let lines = String(decoding: csv, as: UTF8.self).split(separator: "\n")
        #expect(lines.count == 7)
        #expect(lines[0] == "t0,t1,\"with, \"\"quotes\"\"\",t3,t4,t5")
        for (row, line) in lines.dropFirst().enumerated() {
            let cells = line.split(separator: ",").map { Double($0)! }
            for (column, cell) in cells.enumerated() {
                let expected = row == column ? 0 : cost.cost(from: tracks[row], to: tracks[column])
                #expect(abs(cell - expected) < 1e-6)
            }
        }
    }
}
