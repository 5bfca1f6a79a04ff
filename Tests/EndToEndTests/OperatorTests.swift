import Foundation
import ForeverTestKit
import Testing

/// The operator's paths and the rules, at a station that plays the demo crate.
@Suite(.serialized) struct OperatorTests {
    private struct Desk {
        let station: Station
        let token: String

        init(_ data: TemporaryFolder, _ arguments: [String] = []) throws {
            station = try Station.root(data: data, ["--lead", "5"] + arguments)
            token = String(decoding: data.bytes(of: "root/operator-token"), as: UTF8.self)
                .trimmingCharacters(in: .whitespacesAndNewlines)
        }

        func ask(_ path: String, _ method: String = "GET", token: String? = nil) throws -> (Int, [String: Any]) {
            let fetch = try HTTPFetch(
                station.url + "operator/" + path, method: method,
                headers: ["Authorization": "Bearer \(token ?? self.token)"])
            let body = try fetch.body()
            let object = try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]
            return (fetch.status, object ?? [:])
        }

        /// Ids of what is on the timeline, in order.
        func timeline() throws -> [(id: String, start: Int, title: Int)] {
            let tracks = try station.json("all.json")["tracks"] as? [[String: Any]] ?? []
            return tracks.compactMap { track in
                guard let id = track["id"] as? String, let start = track["startPosition"] as? Int,
                    let title = track["titlePosition"] as? Int
                else { return nil }
                return (id, start, title)
            }
        }

        func tracks(_ text: String) throws -> [[String: Any]] {
            try ask("tracks?find=" + text).1["tracks"] as? [[String: Any]] ?? []
        }
    }

    @Test func whatIsWantedNextPlaysNextAndItIsSaidWhere() throws {
        let data = try TemporaryFolder()
        let desk = try Desk(data)
        for wrong in ["", "x", desk.token + "x", String(desk.token.dropLast())] {
            #expect(try desk.ask("wishes", token: wrong).0 == 401)
            #expect(try desk.ask("transitions", token: wrong).0 == 401)
        }
        #expect(try desk.ask("wishes?track=none", "POST").0 == 404)
        #expect(try desk.ask("wishes?kind=later&track=none", "POST").0 == 400)
        #expect(try desk.ask("tracks").0 == 400)
        #expect(try desk.ask("transitions?missed=maybe").0 == 400)
        #expect(try desk.ask("transitions?missed=true").0 == 200)

        let decided = try eventually("two decided tracks", seconds: 60) {
            let tracks = try desk.timeline()
            return tracks.count == 2 ? tracks : nil
        }
        let ids = try desk.tracks("demo").compactMap { $0["id"] as? String }.filter { id in
            !decided.contains { $0.id == id }
        }
        let (status, answer) = try desk.ask("wishes?kind=next&track=\(ids[0])", "POST")
        #expect(status == 202 && answer["state"] as? String == "decided")
        let edge = try #require(answer["mixingEdgePosition"] as? Int)
        let start = try #require(answer["startPosition"] as? Int)
        #expect(start > edge, "bytes before the mixing edge are final")
        let now = Int(Date().timeIntervalSince1970 * 1_000)
        let live = try #require(answer["livePosition"] as? Int)
        let at = try #require(answer["startMilliseconds"] as? Int)
        #expect(abs(at - now - (start - live) / 16) < 3_000)
        let after = try desk.timeline()
        #expect(after.map(\.id) == [decided[0].id, ids[0]])
        #expect(after.last?.title == answer["titlePosition"] as? Int)

        // The second waits behind the first, and can be taken back; the third is mixed in some time.
        let (_, second) = try desk.ask("wishes?track=\(ids[1])", "POST")
        #expect(second["state"] as? String == "waiting" && second["startPosition"] is NSNull)
        #expect(try desk.ask("wishes?kind=mustMix&track=\(ids[2])", "POST").0 == 202)
        let number = try #require(second["id"] as? Int)
        #expect(try desk.ask("wishes/\(number)", "DELETE").0 == 200)
        #expect(try desk.ask("wishes/\(number)", "DELETE").0 == 404)
        let waiting = try desk.ask("wishes").1["wishes"] as? [[String: Any]] ?? []
        #expect(waiting.compactMap { $0["track"] as? String } == [ids[2]])

        // Never again: the one that is decided is not played after all, and the playing one is left soon.
        let (_, never) = try desk.ask("corrections?track=\(ids[0])&neverPlay=true", "POST")
        #expect(never["neverPlay"] as? Bool == true && never["leftPosition"] is Int)
        #expect(try !desk.timeline().contains { $0.id == ids[0] })
        #expect(try desk.ask("wishes?track=\(ids[0])", "POST").0 == 409)
        let before = try #require(try desk.timeline().last?.start)
        let (_, left) = try desk.ask("corrections?track=\(decided[0].id)&neverPlay=true", "POST")
        #expect(try #require(left["leftPosition"] as? Int) < before)
        #expect(try desk.tracks(ids[0]).first?["notLetIn"] is String)
        #expect(try desk.ask("corrections?track=\(ids[0])&neverPlay=false", "POST").1["neverPlay"] as? Bool == false)
        #expect(try desk.tracks(ids[0]).first?["notLetIn"] is NSNull)
    }

    @Test func rulesChangeWhileItPlays() throws {
        let data = try TemporaryFolder()
        let config = try data.write("{ \"block-title\": [] } // nothing yet".utf8, to: "forever.json")
        let desk = try Desk(data, ["--config", config])
        let track = try #require(try desk.tracks("demo").first)
        #expect(track["notLetIn"] is NSNull)
        let title = try #require(track["title"] as? String)
        try data.write("{ \"block-title\": [\"\(title)\"], \"artist-gap\": 1 }".utf8, to: "forever.json")
        desk.station.program.send(signal: SIGHUP)
        let id = try #require(track["id"] as? String)
        try waitUntil("the rule holds", seconds: 10) { try desk.tracks(id).first?["notLetIn"] is String }
        try data.write("{ \"min-length\": 9, \"max-length\": 8 }".utf8, to: "forever.json")
        // Without a signal: a file that changes is noticed.
        try waitUntil("what is wrong is said", seconds: 15) {
            desk.station.program.errorText.contains("the rules in use stay in use")
        }
        #expect(try desk.tracks(id).first?["notLetIn"] is String)
        #expect(desk.station.program.isRunning)
    }

    @Test func backupAndRestoreWhileItPlays() throws {
        let data = try TemporaryFolder()
        let desk = try Desk(data)
        let id = try #require(try desk.tracks("demo").last?["id"] as? String)
        _ = try desk.ask("corrections?track=\(id)&neverPlay=true", "POST")
        func run(_ arguments: [String]) throws -> FinishedProgram {
            try FinishedProgram(Programs.server, arguments + ["--data", data("root")])
        }
        let backup = try run(["backup", data("backup")])
        #expect(backup.status == 0, "\(backup.errorText)")
        _ = try desk.ask("corrections?track=\(id)&neverPlay=false", "POST")
        #expect(try desk.tracks(id).first?["notLetIn"] is NSNull)
        let epoch = try desk.station.json("all.json")["epoch"] as? String
        let restore = try run(["restore", data("backup")])
        #expect(restore.status == 0, "\(restore.errorText)")
        try waitUntil("what the backup holds is taken up", seconds: 15) {
            try desk.tracks(id).first?["notLetIn"] is String
        }
        #expect(try desk.station.json("all.json")["epoch"] as? String == epoch)
        #expect(try run(["restore", data("none")]).status == 1)
        #expect(try run(["backup"]).status == 2)
    }
}
