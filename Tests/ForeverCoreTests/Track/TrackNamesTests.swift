import ForeverCore
import Foundation
import Testing

@Suite struct TrackNamesTests {
    struct Case: CustomTestStringConvertible {
        var title: String?
        var artist: String?
        var path: String
        var givesArtist: String?
        var givesTitle: String
        init(_ title: String?, _ artist: String?, _ path: String, gives artist2: String?, _ title2: String) {
            (self.title, self.artist, self.path) = (title, artist, path)
            (givesArtist, givesTitle) = (artist2, title2)
        }
        var testDescription: String { "\(title ?? "-") / \(artist ?? "-") / \(path)" }
    }

    @Test(arguments: [
        Case("Blue Hour", "Mira Vale", "/m/x.mp3", gives: "Mira Vale", "Blue Hour"),
        Case("  Blue\n Hour\u{0} ", " Mira\tVale ", "/m/x.mp3", gives: "Mira Vale", "Blue Hour"),
        Case(nil, nil, "/m/Mira Vale - Blue Hour.mp3", gives: "Mira Vale", "Blue Hour"),
        Case(nil, nil, "/m/03 - Mira Vale - Blue Hour.mp3", gives: "Mira Vale", "Blue Hour"),
        Case(nil, nil, "/m/03. Blue Hour.flac", gives: nil, "Blue Hour"),
        Case(nil, nil, "/m/1-04 - Blue Hour.flac", gives: nil, "Blue Hour"),
        Case(nil, nil, "/m/07 Blue Hour.ogg", gives: nil, "Blue Hour"),
        Case(nil, nil, "/m/A2. Blue Hour.ogg", gives: nil, "Blue Hour"),
        Case(nil, nil, "/m/Mira_Vale_-_Blue_Hour.ogg", gives: "Mira Vale", "Blue Hour"),
        Case(nil, nil, "/m/Mira Vale - Night Maps - 03 - Blue Hour.ogg", gives: "Mira Vale", "Blue Hour"),
        Case(nil, nil, "/m/Mira Vale – Blue Hour – Dub.ogg", gives: "Mira Vale", "Blue Hour - Dub"),
        Case(nil, "Mira Vale", "/m/Mira Vale - Blue Hour.mp3", gives: "Mira Vale", "Blue Hour"),
        Case(nil, "Mira Vale", "/m/02 - Blue Hour - Live.mp3", gives: "Mira Vale", "Blue Hour - Live"),
        Case("Mira Vale - Blue Hour", nil, "/m/x.mp3", gives: "Mira Vale", "Blue Hour"),
        Case("Mira Vale - Blue Hour", "Uploader", "/m/x.mp3", gives: "Uploader", "Mira Vale - Blue Hour"),
        Case("99", nil, "/m/x.mp3", gives: nil, "99"),
        Case(nil, nil, "/m/1999.mp3", gives: nil, "1999"),
        Case(nil, nil, "/m/99 Balloons.mp3", gives: nil, "99 Balloons"),
        Case("", "", "/m/.hidden", gives: nil, ".hidden"),
        Case("unknown", "Unknown Artist", "/m/Blue Hour.mp3", gives: nil, "Blue Hour"),
        Case("e\u{301}tude", nil, "/m/x.mp3", gives: nil, "\u{e9}tude"),
        Case("a\u{202E}cb", nil, "/m/x.mp3", gives: nil, "acb"),
        Case(nil, nil, "/m/ - .mp3", gives: nil, "Untitled"),
    ])
    func namesATrack(_ one: Case) {
        let names = TrackNames(tags: TrackTags(title: one.title, artist: one.artist), path: one.path)
        #expect(names.artist == one.givesArtist)
        #expect(Array(names.title.unicodeScalars) == Array(one.givesTitle.unicodeScalars))
    }

    @Test func cutsWhatNobodyWouldRead() {
        let long = String(repeating: "x", count: 100_000)
        let names = TrackNames(tags: TrackTags(title: long, artist: long), path: "/m/x.mp3")
        #expect(names.title.count == CoreLimits.titleCharactersMax)
        #expect(names.artist?.count == CoreLimits.titleCharactersMax)
    }

    @Test func aTrackIsItsContentNotItsPath() {
        let key = ContentKey(of: Data([1, 2, 3]))
        let tags = TrackTags(title: "Blue Hour", genre: "Deep House", durationSeconds: 200, hasCover: true)
        let here = Track(path: "/a/x.mp3", tags: tags, contentKey: key)
        let there = Track(path: "/b/y.mp3", tags: tags, contentKey: key)
        #expect(here.id == there.id)
        #expect(here.origin == .file(path: "/a/x.mp3"))
        #expect(here.artist == Track.unknownArtist)
        #expect(here.facts.artist == nil)
        #expect(here.facts.duration == 200)
        #expect(here.hasCover)
        let absurd = Track(path: "/a/x.mp3", tags: TrackTags(durationSeconds: -.infinity), contentKey: key)
        #expect(absurd.durationSeconds == 0)
        #expect(absurd.facts.duration == nil)
    }
}
