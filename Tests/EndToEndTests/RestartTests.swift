import Foundation
import ForeverTestKit
import Testing

/// A station that is killed and started again.
@Suite(.serialized) struct RestartTests {
    @Test(.enabled(if: Programs.tool("ffmpeg") != nil)) func goesOnInTheSameEpochAtTheNextByte() throws {
        let data = try TemporaryFolder()
        let port = try freePort()
        // A short lead, so that the second life has to make new sound within the test.
        let arguments = ["--lead", "3"]
        var station = try Station.root(data: data, port: port, arguments)
        let before = try station.listen(seconds: 3)
        let madeBefore = try #require(try station.json("all.json")["mixingEdgePosition"] as? Int)
        station.program.end(signal: SIGKILL)
        station = try Station.root(data: data, port: port, arguments)
        let after = try station.listen(seconds: 7)
        let madeAfter = try #require(try station.json("all.json")["mixingEdgePosition"] as? Int)

        #expect(after.epoch == before.epoch)
        #expect(madeAfter > madeBefore)
        #expect(after.end > madeBefore, "the second life made sound of its own")
        let common = before.common(with: after)
        #expect(common.count > 0, "before \(before.position)..<\(before.end), after \(after.position)..<\(after.end)")
        #expect(common.equal)

        let joined = before.bytes + after.bytes.dropFirst(before.end - after.position)
        let sound = try DecodedSound(data.write(joined, to: "joined.mp3"))
        #expect(sound.complaints == "")
        #expect(abs(sound.seconds - Double(joined.count) / 16000) < 0.1)
    }

    @Test func endsCleanlyWhenAsked() throws {
        let data = try TemporaryFolder()
        let station = try Station.root(data: data)
        station.program.send(signal: SIGTERM)
        #expect(try station.program.status(withinSeconds: 5) == 0)
    }
}
