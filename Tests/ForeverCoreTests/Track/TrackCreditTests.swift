import ForeverCore
import Testing

@Suite struct TrackCreditTests {
    private func track(title: String, artist: String, uploader: String) -> Track {
        Track(
            id: "x", title: title, artist: artist, origin: .demo(id: "x"),
            credit: TrackCredit(uploader: uploader, source: "SoundCloud"))
    }

    @Test func streamTitlesNameUploaderAndSource() {
        #expect(
            track(title: "Ebb", artist: "Ferry Twins", uploader: "Quiet Harbour").streamTitle
                == "Ferry Twins - Ebb (Quiet Harbour on SoundCloud)")
        #expect(
            track(title: "Ebb", artist: "Ferry Twins", uploader: "Ferry Twins").streamTitle
                == "Ferry Twins - Ebb (on SoundCloud)")
        #expect(Track(id: "x", title: "Ebb", artist: "F", origin: .demo(id: "x")).streamTitle == "F - Ebb")
    }

    @Test func aLongTitleDoesNotCutTheCredit() {
        let long = String(repeating: "🎷ü", count: 400)
        let title = track(title: long, artist: long, uploader: "Quiet Harbour" + long).streamTitle
        #expect(title.utf8.count <= CoreLimits.streamTitleBytesMax)
        #expect(title.hasSuffix("on SoundCloud)"))
        #expect(title.contains("… (Quiet Harbour"))
        // Characters of many bytes.
        let family = String(repeating: "👩‍👩‍👧‍👦", count: 80)
        let odd = track(title: "Ebb", artist: "Ferry Twins", uploader: family).streamTitle
        #expect(odd.utf8.count <= CoreLimits.streamTitleBytesMax)
        #expect(odd.hasPrefix("Ferry Twins - Ebb (👩‍👩‍👧‍👦") && odd.hasSuffix(" on SoundCloud)"))
    }
}
