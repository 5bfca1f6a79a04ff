import ForeverTestKit
import Foundation
import Testing

/// The real program on the fake SoundCloud.
@Suite(.serialized, .enabled(if: Programs.tool("ffmpeg") != nil)) struct SoundCloudTests {
    private let data = try! TemporaryFolder()

    private func fake() throws -> FakeCloud {
        let fake = try FakeCloud { Date().timeIntervalSince1970 }
        let tones = try [220, 330, 440].map { hertz in
            try FakeMedia.aac(
                ["-f", "lavfi", "-i", "aevalsrc=0.4*sin(\(hertz)*2*PI*t)*lt(mod(t\\,0.5)\\,0.1):d=95"], in: data)
        }
        fake.put(
            (1...6).map { number in
                FakeTrack(
                    number, title: "Ferry \(number) - Ebb \(number) [FREE DOWNLOAD]", uploader: "Quiet Harbour",
                    seconds: 95,
                    media: tones[number % 3])
            }, playlist: 7)
        return fake
    }

    private func file(_ fake: FakeCloud, _ more: String = "") throws -> String {
        let json = fake.settingsJSON + #","from":["https://soundcloud.com/quiet-harbour/sets/7"]\#(more)}"#
        let path = try data.write(Array(json.utf8), to: "soundcloud.json")
        chmod(path, 0o600)
        return path
    }

    @Test func playsAndNamesWhomItIsOwedTo() throws {
        let fake = try fake()
        let station = try Station.root(data: data, ["--soundcloud", try file(fake), "--lead", "5"])
        let heard = try station.listen(seconds: 6)
        #expect(heard.bytes.count > 16_000 * 5)
        let tracks = try #require(try station.json("all.json")["tracks"] as? [[String: Any]])
        let first = try #require(tracks.first)
        #expect((first["id"] as? String)?.hasPrefix("soundcloud:tracks:") == true)
        #expect(
            (first["artist"] as? String)?.hasPrefix("Ferry ") == true
                && (first["title"] as? String)?.hasPrefix("Ebb ") == true)
        #expect(first["uploader"] as? String == "Quiet Harbour" && first["source"] as? String == "SoundCloud")
        #expect((first["link"] as? String)?.hasPrefix("https://soundcloud.com/quiet-harbour/") == true)
        let cover = try fetch(station.url + String(try #require(first["cover"] as? String).dropFirst()))
        #expect(cover.status == 200 && cover["Content-Type"] == "image/jpeg")

        let stream = try HTTPFetch(station.url + "all.mp3", headers: ["Icy-MetaData": "1"], seconds: 20)
        let bytes = try stream.body(countMax: 40_000)
        #expect(String(decoding: bytes, as: UTF8.self).contains("(Quiet Harbour on SoundCloud)"))

        let words = station.program.errorText + station.program.outputText
        #expect(words.contains("mixing its music with other content as not allowed"))
        #expect(
            !words.contains("fakeAccessToken") && !words.contains("fakeRefreshToken")
                && !words.contains(FakeCloud.clientSecret))
        var status = stat()
        #expect(stat(data("root/soundcloud-token"), &status) == 0 && status.st_mode & 0o777 == 0o600)
        #expect(fake.counts.tokensAtCDN == 0)
    }

    @Test(.enabled(if: Programs.tool("chromium") != nil)) func thePageNamesAndLinks() throws {
        let fake = try fake()
        let station = try Station.root(data: data, ["--soundcloud", try file(fake), "--lead", "5"])
        let browser = try Browser()
        try browser.open(station.url)
        try waitUntil("the page names the uploader and SoundCloud", seconds: 20) {
            try browser.value("document.getElementById('credit').textContent") == "Quiet Harbour on SoundCloud"
        }
        for name in ["artist", "credit"] {
            let link = try browser.value("document.querySelector('#\(name) a')?.href")
            #expect(
                link?.hasPrefix("https://soundcloud.com/quiet-harbour/") == true,
                "\(name) links to \(link ?? "nothing")")
        }
        #expect(browser.complaints.isEmpty, "\(browser.complaints)")
    }

    @Test func aRestartUsesTheTokenAndTheTrackThatWasPlaying() throws {
        let fake = try fake()
        let file = try file(fake)
        let port = try freePort()
        var station = try Station.root(data: data, port: port, ["--soundcloud", file, "--lead", "15"])
        let before = try station.listen(seconds: 3)
        station.program.end(signal: SIGKILL)
        station = try Station.root(data: data, port: port, ["--soundcloud", file, "--lead", "15"])
        let after = try station.listen(seconds: 4)
        #expect(after.epoch == before.epoch)
        let common = before.common(with: after)
        #expect(common.count > 0 && common.equal)
        #expect(fake.counts.grants == 1)
        #expect(try station.json("status.json")["starvedCount"] as? Int == 0)
        station.program.end()

        // The hour cannot be rendered again, and a local station goes its own way.
        let replay = try FinishedProgram(
            Programs.server,
            [
                "mix", "--data", data("root"), "--at", "\(before.epoch):\(before.position)", "--minutes", "0.1", "-o",
                data("x.wav"),
            ])
        #expect(replay.status == 1 && replay.errorText.contains("nothing of it is kept"))
        let local = try Station.root(data: data)
        #expect(try local.listen(seconds: 1).epoch != before.epoch)
        #expect(!FileManager.default.fileExists(atPath: data("root/soundcloud-token")))
    }

    @Test func theTermsAreKeptInTheCommandLine() throws {
        let fake = try fake()
        func run(_ arguments: [String], environment: [String: String] = [:]) throws -> (status: Int32, words: String) {
            let program = try RunningProgram(Programs.server, arguments, environment: environment)
            let status = try program.status(withinSeconds: 10)
            return (status, program.errorText)
        }
        let file = try file(fake)
        let unaccepted = try data.write(
            Array(fake.settingsJSON.replacing(#""acceptTerms":true"#, with: #""acceptTerms":false"#).utf8)
                + Array(#","from":["genre: x"]}"#.utf8),
            to: "unaccepted.json")
        let notice = try run(["--soundcloud", unaccepted, "--data", data("x")])
        #expect(notice.status == 2)
        #expect(
            notice.words.contains(
                "forever-server: SoundCloud's help page names mixing its music with other content as not allowed"))
        let both = try run(["--soundcloud", file, "--library", data.path, "--data", data("x")])
        #expect(both.status == 2 && both.words.contains("exclude each other"))
        let mix = try run(["mix", "--soundcloud", file, "-o", data("x.wav")])
        #expect(mix.status == 2 && mix.words.contains("recorded"))
        let byEnvironment = try run(["mix", "-o", data("x.wav")], environment: ["FOREVER_SOUNDCLOUD": file])
        #expect(byEnvironment.status == 2)
        #expect(!FileManager.default.fileExists(atPath: data("x.wav")))
        let missing = try run(["--soundcloud", data("none.json")])
        #expect(missing.status == 2 && missing.words.contains("cannot read"))
        #expect(fake.counts.requests == 0)
    }
}
