import ForeverRelay
import Testing

/// The title of a block as players read it: up to the first `';`.
func titleOfBlock(_ block: [UInt8]) -> String? {
    guard let length = block.first, block.count == 1 + Int(length) * 16 else { return nil }
    let text = Array(block.dropFirst())
    guard text.starts(with: "StreamTitle='".utf8) else { return nil }
    let rest = Array(text.dropFirst(13))
    for index in 0..<max(0, rest.count - 1) where rest[index] == 0x27 && rest[index + 1] == 0x3B {
        return String(validating: rest[..<index], as: UTF8.self)
    }
    return nil
}

@Suite struct ICYMetadataTests {
    @Test(arguments: ["", "a", "Artist - Title", "Don't", "Rock'", "日本語の曲", "é🎵", String(repeating: "x", count: 500)])
    func titlesComeBack(title: String) {
        #expect(titleOfBlock(ICYMetadata.block(title: title)) == title)
    }

    @Test func whatWouldEndATitleIsChanged() {
        #expect(titleOfBlock(ICYMetadata.block(title: "a';b")) == "a\u{2019};b")
        #expect(titleOfBlock(ICYMetadata.block(title: "';';")) == "\u{2019};\u{2019};")
        #expect(titleOfBlock(ICYMetadata.block(title: "a\r\nb\0c")) == "a  b c")
    }

    @Test func aTitleDoesNotEndInItsOwnQuote() {
        // Players search for the end from the opening quote on.
        #expect(titleOfBlock(ICYMetadata.block(title: ";a")) == " ;a")
        #expect(titleOfBlock(ICYMetadata.block(title: "';a")) == "\u{2019};a")
    }

    @Test func theLimitHoldsForWhatIsPutInsteadToo() throws {
        for count in (ICYMetadata.titleBytesMax - 5)...ICYMetadata.titleBytesMax {
            let block = ICYMetadata.block(title: String(repeating: "x", count: count) + "';x")
            #expect(try #require(titleOfBlock(block)).utf8.count <= ICYMetadata.titleBytesMax)
        }
    }

    @Test func longTitlesAreCutBetweenCharacters() throws {
        for length in 900...1_100 {
            let title = String(repeating: "a", count: length % 7) + String(repeating: "é", count: length)
            let block = ICYMetadata.block(title: title)
            #expect(block.count <= 1 + ICYMetadata.textBytesMax)
            let back = try #require(titleOfBlock(block), "valid UTF-8")
            #expect(title.hasPrefix(back) && back.utf8.count <= ICYMetadata.titleBytesMax)
            #expect(back.utf8.count > ICYMetadata.titleBytesMax - 3 || back == title)
        }
    }

    @Test func anAddressComesAlongWhenItFits() {
        let block = ICYMetadata.block(title: "t", url: "http://x/")
        #expect(String(decoding: block, as: UTF8.self).contains("StreamUrl='http://x/';"))
        #expect(titleOfBlock(block) == "t")
    }
}

@Suite struct TitleTrackTests {
    @Test func findsTheTitleAtAPosition() {
        let track = TitleTrack()
        #expect(track.title(at: 0) == nil)
        track.replace(with: [
            StreamTitle(position: 2_000, text: "b"), StreamTitle(position: 1_000, text: "a"),
        ])
        track.append(StreamTitle(position: 3_000, text: "c"))
        let found = [999, 1_000, 1_999, 2_000, 3_000, 9_999].map { track.title(at: $0)?.text }
        #expect(found == [nil, "a", "a", "b", "c", "c"])
        track.append(StreamTitle(position: 3_000, text: "d"))
        #expect(track.titles.map(\.text) == ["a", "b", "d"])
    }

    @Test func isBounded() {
        let track = TitleTrack()
        track.replace(with: (0..<2_000).map { StreamTitle(position: Int64($0), text: "\($0)") })
        #expect(track.titles.count == TitleTrack.titlesMax)
        #expect(track.titles.last?.text == "1999")
    }
}
