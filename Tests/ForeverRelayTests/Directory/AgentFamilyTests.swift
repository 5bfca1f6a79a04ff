import ForeverRelay
import Testing

@Suite struct AgentFamilyTests {
    @Test(arguments: [
        ("VLC/3.0.24 LibVLC/3.0.24", AgentFamily.vlc), ("Lavf/59.27.100", .ffmpeg), ("libmpv", .mpv),
        ("mpv 0.35.1", .mpv), ("mpg123/1.31.2", .mpg123), ("Icecast 2.4.4", .icecast), ("curl/7.88.1", .curl),
        ("GStreamer souphttpsrc 1.22.0 libsoup/2.74.3", .gstreamer),
        ("AppleCoreMedia/1.0.0.20G81 (iPhone; U; CPU OS 16_6 like Mac OS X; de_de)", .appleCoreMedia),
        ("Linux UPnP/1.0 Sonos/80.1-55014 (ZPS22)", .sonos),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", .firefox),
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/127.0.0.0 Safari/537.36",
            .chrome
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/127.0 Safari/537.36 Edg/127.0",
            .browser
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 "
                + "Safari/605.1.15", .safari
        ),
        ("Mozilla/5.0 (compatible; Konqueror/4.0)", .browser), ("NSPlayer/7.10", .other), ("", .other),
    ])
    func playersAreKnownByWhatTheySay(agent: String, family: AgentFamily) {
        #expect(AgentFamily(userAgent: agent) == family)
    }

    @Test func noFieldAndEndlessOnesAreOther() {
        #expect(AgentFamily(userAgent: nil) == .other)
        #expect(AgentFamily(userAgent: String(repeating: "x", count: 100_000) + "VLC") == .other)
    }

    @Test func smallFamiliesAreMerged() throws {
        var counts = AgentCounts()
        counts[.vlc] = 5
        counts[.sonos] = 4
        counts[.curl] = 1
        let merged = counts.merged
        #expect(merged[.vlc] == 5 && merged[.sonos] == 0 && merged[.other] == 5 && merged.total == 10)
        #expect(merged.json.line == #"{"other":5,"VLC":5}"#)
        #expect(AgentCounts(merged.json) == merged)
        #expect(AgentCounts(["A player from the future": 7, "VLC": 1])?[.other] == 7)
        #expect(AgentCounts(["VLC": -1]) == nil && AgentCounts([1]) == nil)
    }
}
