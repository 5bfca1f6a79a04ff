import Foundation
import ForeverTestKit
import Testing

/// A folder of music in which some files are no music.
@Suite(.serialized, .enabled(if: Programs.tool("ffmpeg") != nil)) struct LibraryTests {
    @Test func hostileFilesArePassedOverAndTheMusicGoesOn() throws {
        let data = try TemporaryFolder()
        try makeLibrary(data)
        let station = try Station.root(data: data, ["--library", data("music"), "--lead", "5"])
        let sound = try DecodedSound(station.url + "all.mp3", seconds: 14)
        #expect(sound.complaints == "")
        #expect(sound.level > 0.01)
        let titles: Set<String> = try eventually("both good files in the timeline", seconds: 30) {
            let tracks = try station.json("all.json")["tracks"] as? [[String: Any]] ?? []
            let titles = Set(tracks.compactMap { $0["title"] as? String })
            return titles.isSuperset(of: ["Good One", "Good Two"]) ? titles : nil
        }
        #expect(!titles.contains { $0.contains("bad") })
        #expect(station.program.isRunning)
        let said = station.program.errorText + station.program.outputText
        #expect(said.components(separatedBy: "bad-text.mp3").count == 2, "reported once: \(said)")
    }

    private func makeLibrary(_ data: TemporaryFolder) throws {
        let music = data("music")
        try FileManager.default.createDirectory(atPath: music + "/deeper/folder.mp3", withIntermediateDirectories: true)
        try makeTrack(music + "/good.mp3", title: "Good One", hertz: 220)
        try makeTrack(music + "/deeper/good.flac", title: "Good Two", hertz: 330)
        let good = try Data(contentsOf: URL(fileURLWithPath: music + "/good.mp3"))
        var random = SystemRandomNumberGenerator()
        try data.write("This is no music.\n".utf8, to: "music/bad-text.mp3")
        try data.write([], to: "music/bad-empty.flac")
        try data.write((0..<50_000).map { _ in UInt8.random(in: 0...255, using: &random) }, to: "music/bad-noise.ogg")
        try data.write(good.prefix(900), to: "music/bad-cut.m4a")
        try data.write(Data("ID3\u{4}\u{0}\u{0}".utf8) + [0x7F, 0x7F, 0x7F, 0x7F], to: "music/bad-tag.mp3")
        try data.write(Data("RIFF".utf8) + [0xFF, 0xFF, 0xFF, 0xFF] + Data("WAVEfmt ".utf8), to: "music/bad-size.wav")
        try FileManager.default.createSymbolicLink(atPath: music + "/bad-link.mp3", withDestinationPath: "/nonexistent")
        try FileManager.default.createSymbolicLink(atPath: music + "/deeper/round", withDestinationPath: music)
    }

    /// 25 s of a pulsing tone.
    private func makeTrack(_ path: String, title: String, hertz: Int) throws {
        let sound = "aevalsrc='0.4*sin(2*PI*\(hertz)*t)*exp(-8*mod(t,0.5))':s=44100:d=25"
        let made = try FinishedProgram(
            Programs.neededTool("ffmpeg"),
            ["-v", "error", "-nostdin", "-f", "lavfi", "-i", sound, "-metadata", "title=\(title)", "-y", path])
        #expect(made.status == 0, "\(made.errorText)")
    }
}
