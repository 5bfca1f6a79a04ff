import ForeverTestKit
import Testing

/// The players that people listen with, each at a real station with the demo crate.
@Suite(.serialized) struct PlayerTests {
    @Test(.enabled(if: Programs.tool("curl") != nil)) func curlGetsFramesFromTheFirstByte() throws {
        let data = try TemporaryFolder()
        let station = try Station.root(data: data)
        let got = try FinishedProgram(
            Programs.neededTool("curl"), ["-s", "--max-time", "4", "-o", data("all.mp3"), station.url + "all.mp3"])
        #expect(got.status == 28, "a stream that never ends is ended by curl's own limit")
        let sound = try DecodedSound(data("all.mp3"))
        #expect(sound.complaints == "")
        #expect(sound.seconds > 6, "the burst and four seconds of live")
        #expect(sound.level > 0.01, "music is not silence")
    }

    @Test(.enabled(if: Programs.tool("ffmpeg") != nil)) func ffmpegDecodesWithoutAComplaint() throws {
        let data = try TemporaryFolder()
        let station = try Station.root(data: data)
        let sound = try DecodedSound(station.url + "all.mp3", seconds: 9)
        #expect(sound.complaints == "")
        #expect(abs(sound.seconds - 9) < 0.2)
        #expect(sound.level > 0.01)
    }

    @Test(.enabled(if: Programs.tool("mpg123") != nil)) func mpg123DecodesWithTitles() throws {
        let data = try TemporaryFolder()
        let station = try Station.root(data: data)
        let title = try #require(try tracks(station).first?["title"] as? String)
        let played = try FinishedProgram(
            Programs.neededTool("mpg123"), ["-t", "-v", "--frames", "350", station.url + "all.mp3"])
        #expect(played.status == 0, "\(played.errorText.suffix(500))")
        #expect(!played.errorText.lowercased().contains("error"), "\(played.errorText.suffix(500))")
        #expect(played.errorText.contains(title), "the ICY title is \(title)")
    }

    @Test(.enabled(if: Programs.tool("mpv") != nil)) func mpvPlays() throws {
        let data = try TemporaryFolder()
        let station = try Station.root(data: data)
        let played = try FinishedProgram(
            Programs.neededTool("mpv"),
            ["--no-config", "--vo=null", "--ao=null", "--length=7", "--msg-level=all=warn", station.url + "all.mp3"])
        #expect(played.status == 0, "\(played.outputText.suffix(500)) \(played.errorText.suffix(500))")
        #expect(!(played.outputText + played.errorText).contains("rror"), "\(played.outputText.suffix(500))")
    }

    private func tracks(_ station: Station) throws -> [[String: Any]] {
        try eventually("a track in the timeline", seconds: 10) {
            let tracks = try station.json("all.json")["tracks"] as? [[String: Any]]
            return tracks.flatMap { $0.isEmpty ? nil : $0 }
        }
    }
}
