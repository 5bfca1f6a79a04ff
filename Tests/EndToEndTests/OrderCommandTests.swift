import Foundation
import ForeverTestKit
import Testing

/// `forever-server order --tracks`: a tour through described tracks.
@Suite(.serialized) struct OrderCommandTests {
    @Test func everyTrackOnceAndEveryLegExplained() throws {
        let data = try TemporaryFolder()
        let tracks = try data.write(
            """
            [{"id":"a","tempo":120,"key":{"tonic":"A","mode":"minor"},"duration":200},
             {"id":"b","tempo":174,"genre":"drum & bass"}, {"id":"c"},
             {"id":"d","tempo":121,"key":{"tonic":"C","mode":"major"},"energy":0.6},
             {"id":"e","tempo":172,"title":"E","artist":"X","tags":["dark"]}]
            """.utf8, to: "tracks.json")
        let order = try order(["--tracks", tracks, "--start", "c", "--costs", data("costs.csv")])
        let identifiers = try #require(order["order"] as? [String])
        #expect(identifiers.first == "c")
        #expect(identifiers.sorted() == ["a", "b", "c", "d", "e"])
        let legs = try #require(order["legs"] as? [[String: Any]])
        #expect(legs.count == 4)
        #expect(legs.map { $0["from"] as? String } == identifiers.dropLast())
        #expect(legs.map { $0["to"] as? String } == Array(identifiers.dropFirst()))
        #expect(legs.allSatisfy { $0["terms"] is [String: Double] && $0["kind"] is String })
        let total = legs.compactMap { $0["cost"] as? Double }.reduce(0, +)
        #expect(abs(total - (order["cost"] as? Double ?? -1)) < 1e-6)
        #expect(order["relaxed"] is [Any] && order["cpu_s"] is Double)

        let costs = try String(contentsOfFile: data("costs.csv"), encoding: .utf8)
        let rows = costs.split(whereSeparator: \.isNewline)
        #expect(rows.count == 6, "a header and a row a track")
        #expect(rows.first?.contains("a,b,c,d,e") == true)
    }

    @Test func oneSeedGivesOneTour() throws {
        let data = try TemporaryFolder()
        let list = (0..<30).map { "{\"id\":\"t\($0)\",\"tempo\":\(90 + $0 * 37 % 80)}" }.joined(separator: ",")
        let tracks = try data.write("[\(list)]".utf8, to: "tracks.json")
        let first = try order(["--tracks", tracks, "--seed", "5"])
        let again = try order(["--tracks", tracks, "--seed", "5"])
        #expect(first["order"] as? [String] == again["order"] as? [String])
        #expect((first["order"] as? [String])?.count == 30)
    }

    @Test func theOperatorsTasteMakesTheTour() throws {
        let data = try TemporaryFolder()
        let list = (0..<30).map {
            "{\"id\":\"t\($0)\",\"tempo\":\(90 + $0 * 37 % 80),\"duration\":240,\"energy\":\(Double($0 * 11 % 30) / 30),"
                + "\"artist\":\"a\($0 % 12)\"}"
        }.joined(separator: ",")
        let tracks = try data.write("[\(list)]".utf8, to: "tracks.json")
        let config = try data.write(#"{"weight": ["tempo=0"], "energy-curve": "22=0.0 0=1.0"}"#.utf8, to: "config.json")
        let shaped = try order(["--tracks", tracks, "--config", config, "--start-hour", "22", "--artist-gap", "4"])
        let legs = try #require(shaped["legs"] as? [[String: Any]])
        let terms = legs.compactMap { $0["terms"] as? [String: Double] }
        #expect(terms.allSatisfy { $0["tempo"] == nil && $0["shape"] != nil })
        let places = try #require(shaped["order"] as? [String]).map { Int($0.dropFirst())! }
        func energy(_ half: ArraySlice<Int>) -> Int { half.reduce(0) { $0 + $1 * 11 % 30 } }
        #expect(energy(places.prefix(15)) < energy(places.suffix(15)) - 100)
        for index in places.indices.dropFirst() {
            #expect(!places[max(0, index - 4)..<index].contains { $0 % 12 == places[index] % 12 })
        }

        let wrong = try FinishedProgram(Programs.server, ["order", "--weight", "colour=1"], seconds: 60)
        #expect(wrong.status == 2)
        #expect(wrong.errorText.contains("no term is called \"colour\""))
    }

    private func order(_ arguments: [String]) throws -> [String: Any] {
        let done = try FinishedProgram(Programs.server, ["order", "--json"] + arguments, seconds: 60)
        #expect(done.status == 0, "\(done.errorText)")
        return try #require(try JSONSerialization.jsonObject(with: Data(done.output)) as? [String: Any])
    }
}
