import Testing

import ForeverCore

@Suite struct AdmissionRulesTests {
    private func track(
        _ title: String = "Title", by artist: String = "Artist", seconds: Double = 200, tags: [String] = [],
        genre: String? = nil
    ) -> Track {
        Track(
            id: "x", title: title, artist: artist, genre: genre, tags: tags, durationSeconds: seconds,
            origin: .demo(id: "x"))
    }

    @Test func withoutRulesEverythingIsLetIn() {
        #expect(AdmissionRules().objection(to: track(seconds: 0)) == nil)
        #expect(AdmissionRules().objection(to: track("", by: "", seconds: 9e9)) == nil)
    }

    @Test func lengthsCountOnceTheyAreKnown() {
        let rules = AdmissionRules(secondsMin: 90, secondsMax: 400)
        #expect(rules.objection(to: track(seconds: 90)) == nil)
        #expect(rules.objection(to: track(seconds: 89.9)) == .tooShort(seconds: 89.9, limit: 90))
        #expect(rules.objection(to: track(seconds: 401)) == .tooLong(seconds: 401, limit: 400))
        #expect(rules.objection(to: track(seconds: 0)) == nil)
        #expect(rules.objection(to: track(seconds: 0), seconds: 10) == .tooShort(seconds: 10, limit: 90))
        #expect(rules.objection(to: track(seconds: 10), seconds: 100) == nil)
    }

    @Test func peopleAndTagsAreBlockedWholeAndHoweverTheyAreSpelt() {
        let rules = AdmissionRules(blockedUsers: ["Béla & Co."], blockedTags: ["Sample Packs", "…"])
        #expect(rules.objection(to: track(by: "BELA  CO")) == .user("BELA  CO"))
        #expect(rules.objection(to: track(by: "Bela")) == nil)
        var uploaded = track()
        uploaded.credit = TrackCredit(uploader: "bela co", source: "SoundCloud")
        #expect(rules.objection(to: uploaded) == .user("bela co"))
        #expect(rules.objection(to: track(tags: ["house", "sample-packs"])) == .tag("sample-packs"))
        #expect(rules.objection(to: track(genre: "Sample packs")) == .tag("Sample packs"))
        #expect(rules.objection(to: track(tags: ["samples"], genre: "")) == nil)
    }

    @Test func titleWordsAreWholeWords() {
        var rules = AdmissionRules(blockedTitleWords: ["live set", "INTERVIEW"])
        #expect(rules.objection(to: track("My Live-Set, part 2")) == .titleWord("live set"))
        #expect(rules.objection(to: track("an interview")) == .titleWord("interview"))
        #expect(rules.objection(to: track("Alive settle")) == nil)
        #expect(rules.objection(to: track("Set live")) == nil)
        rules.blockedTitleWords = []
        #expect(rules.objection(to: track("an interview")) == nil)
    }

    @Test func objectionsReadAsSentences() {
        #expect("\(Objection.tooShort(seconds: 12.34, limit: 90))" == "12.3 s are shorter than 90.0 s")
        #expect("\(Objection.duplicate(of: "a"))".contains("duplicate of a"))
    }
}
