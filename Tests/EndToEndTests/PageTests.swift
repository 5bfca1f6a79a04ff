import Foundation
import ForeverTestKit
import Testing

/// The listener's page in a real browser.
@Suite(.serialized, .enabled(if: Programs.tool("chromium") != nil)) struct PageTests {
    @Test func showsTheTrackOfThisListenersPosition() throws {
        let data = try TemporaryFolder()
        let station = try Station.root(data: data)
        let browser = try Browser()
        try browser.open(station.url + "#play", width: 390, height: 844)
        try expectPlaying(browser, station: station)
        #expect(browser.complaints.isEmpty, "\(browser.complaints)")
        let before = try heardPosition(browser)
        let after = try eventually("the sound moves") {
            let now = try heardPosition(browser)
            return now > before ? now : nil
        }
        #expect(after - before < 10 * 16000)
    }

    @Test func pauseDropsTheSourceAndPlayTakesItUpAgain() throws {
        let data = try TemporaryFolder()
        let station = try Station.root(data: data)
        let browser = try Browser()
        try browser.open(station.url)
        try waitUntil("the title at the live edge") {
            try browser.value("document.getElementById('artist').textContent")?.isEmpty == false
        }
        #expect(try browser.value("document.body.dataset.state") == "stopped")
        let key = "document.body.dispatchEvent(new KeyboardEvent('keydown', { code: 'Space', bubbles: true }))"
        _ = try browser.value(key)
        try expectPlaying(browser, station: station)
        _ = try browser.value("document.getElementById('toggle').click()")
        #expect(try browser.value("document.body.dataset.state") == "stopped")
        try waitUntil("the station has no listener left") {
            let listeners = try station.json("status.json")["listeners"] as? [String: Any]
            return listeners?["here"] as? Int == 0
        }
    }

    @Test func knowsThePositionBehindARedirect() throws {
        let pair = try RelayedStation(rootArguments: ["--relay-limit", "0"])
        let browser = try Browser()
        try browser.open(pair.root.url + "#play")
        try expectPlaying(browser, station: pair.root)
        let servedBy = try eventually("the relay's name on the page") {
            let text = try browser.value("document.getElementById('servedBy').textContent")
            return text?.isEmpty == false ? text : nil
        }
        #expect(servedBy.contains(pair.relay.url.dropFirst("http://".count).dropLast()))
    }

    private func heardPosition(_ browser: Browser) throws -> Int {
        try browser.value("document.body.dataset.position").flatMap(Int.init) ?? 0
    }

    /// The page plays, and its title is the one that /all.json has at the position that the page hears.
    private func expectPlaying(_ browser: Browser, station: Station) throws {
        try waitUntil("the page plays", seconds: 20) {
            try browser.value("document.body.dataset.state") == "playing"
        }
        // Read at one moment; a title may change between the reads, then once more.
        let matched: Bool = try eventually("the page's title is the track's at its position", seconds: 10) {
            let shown = try browser.value("document.getElementById('title').textContent")
            let position = try heardPosition(browser)
            let tracks = try station.json("all.json")["tracks"] as? [[String: Any]] ?? []
            let sounding = tracks.last { ($0["titlePosition"] as? Int ?? .max) <= position } ?? tracks.first
            return sounding?["title"] as? String == shown ? true : nil
        }
        #expect(matched)
        let live = try station.json("timing.json")["livePosition"] as? Int ?? 0
        let heard = try heardPosition(browser)
        #expect(heard > live - 15 * 16000 && heard <= live, "heard \(heard), live \(live)")
    }
}
