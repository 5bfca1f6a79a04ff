import Foundation
import ForeverCore
import Testing

@Suite struct CloudTrackTests {
    private func track(_ json: String) throws -> CloudTrack {
        try JSONDecoder().decode(CloudTrack.self, from: Data(json.utf8))
    }

    @Test func aFullTrackIsRead() throws {
        let track = try track(
            #"""
            {"kind":"track","id":2900000101,"urn":"soundcloud:tracks:2900000101","created_at":"2026/10/30 18:04:11 +0000",
             "duration":214882,"sharing":"public","tag_list":"ambient lofi \"deep house\" \"late night\" geo:lat=1.5",
             "genre":"Deep House","title":"Paper Lanterns","key_signature":"Am","bpm":122.5,"license":"cc-by",
             "user":{"kind":"user","urn":"soundcloud:users:880000017","username":"Mira Oldenkamp",
               "permalink_url":"https://soundcloud.com/mira-oldenkamp","avatar_url":"https://i1.sndcdn.com/a-large.jpg"},
             "metadata_artist":"Mira & The Tide","permalink_url":"https://soundcloud.com/mira-oldenkamp/paper-lanterns",
             "artwork_url":"https://i1.sndcdn.com/artworks-x-large.jpg","purchase_url":"javascript:alert(1)",
             "playback_count":20417,"favoritings_count":871,"reposts_count":64,"reveal_stats":true,
             "station_urn":"soundcloud:system-playlists:track-stations:2900000101","access":"playable"}
            """#)
        #expect("\(track.id)" == "soundcloud:tracks:2900000101")
        #expect(track.title == "Paper Lanterns" && track.performer == "Mira & The Tide")
        #expect(track.uploader?.name == "Mira Oldenkamp")
        #expect(track.durationSeconds == 214.882 && track.bpm == 122.5)
        #expect(track.key == KeyFact(tonic: "A", mode: "minor"))
        #expect(track.tags == ["ambient", "lofi", "deep house", "late night"])
        #expect(track.licence == .by && track.access == .playable && track.isPublic)
        #expect(track.counts == CloudCounts(plays: 20417, likes: 871, reposts: 64))
        #expect(track.purchaseLink == nil, "only http and https are linked to")
        #expect(track.createdSeconds == 1_793_383_451)
        #expect(track.station?.kind == .stations)
        #expect(CloudTerms().objection(to: track) == nil)
    }

    @Test func aTrackOfNullsIsRead() throws {
        let track = try track(
            #"""
            {"kind":"track","urn":"soundcloud:tracks:2900000102","created_at":null,"duration":10871034,"tag_list":"",
             "genre":null,"title":"ночной эфир 🌙 [3h mix]","bpm":null,"license":"all-rights-reserved","user":null,
             "permalink_url":"https://soundcloud.com/someone-gone/x","artwork_url":null,"playback_count":0,
             "favoritings_count":null,"reveal_stats":false,"access":null}
            """#)
        #expect(track.uploader == nil && track.bpm == nil && track.createdSeconds == nil)
        #expect(track.counts == CloudCounts(), "a 0 in quiet mode says nothing")
        #expect(track.access == .blocked, "null is not playable")
        #expect(Track(track).artist == Track.unknownArtist)
    }

    /// Odd values of one field each.
    @Test(
        arguments: [
            (#""bpm":0"#, nil), (#""bpm":-3"#, nil), (#""bpm":"128""#, 128), (#""bpm":127.999"#, 127.999),
            (#""bpm":9e99"#, nil), (#""bpm":[]"#, nil), (#""bpm":true"#, nil), (#""bpm":174"#, 174),
        ] as [(String, Double?)]) func tempiAreRead(field: String, bpm: Double?) throws
    {
        #expect(try track(#"{"urn":"soundcloud:tracks:1","title":"x",\#(field)}"#).bpm == bpm)
    }

    @Test(arguments: [
        (#""id":2198164539"#, "2198164539"), (#""uri":"https://api.soundcloud.com/tracks/77""#, "77"),
        (#""uri":"https://api.soundcloud.com/tracks/soundcloud%3Atracks%3A78""#, "78"),
        (#""urn":"soundcloud:tracks:79","id":1"#, "79"), (#""urn":"soundcloud:users:80","id":81"#, "81"),
        (#""urn":7,"id":"82""#, "82"),
    ]) func everyFormOfAnIdentifierIsRead(fields: String, number: String) throws {
        #expect(try track(#"{"title":"x",\#(fields)}"#).id.name == number)
    }

    @Test func whatIsNoTrackIsAnError() {
        for json in [
            #"{"title":"x"}"#, #"{"kind":"playlist","urn":"soundcloud:tracks:1"}"#, "[]", "null", #"{"id":"../x"}"#,
        ] {
            #expect(throws: (any Error).self) { try track(json) }
        }
    }

    @Test(arguments: [
        ("Am", "A", "minor"), ("F# minor", "F#", "minor"), ("Eb", "Eb", "major"), ("d♭ maj", "Db", "major"),
        ("CM", "C", "major"), ("8A", "A", "minor"),
    ]) func keysAreRead(text: String, tonic: String, mode: String) throws {
        #expect(
            try track(#"{"id":1,"title":"x","key_signature":"\#(text)"}"#).key == KeyFact(tonic: tonic, mode: mode))
    }

    @Test func tempoAndKeyAreHintsUntilTheSoundIsKnown() throws {
        let told = Track(try track(#"{"id":1,"title":"x","bpm":122.5,"key_signature":"Am"}"#))
        #expect(told.hints == TagHints(tempo: 122.5, key: KeyFact(tonic: "A", mode: "minor")))
        #expect(told.facts.tempo == 122.5)
        #expect(Track(try track(#"{"id":1,"title":"x","bpm":0}"#)).hints == nil)
    }

    @Test func anUnknownKeyIsLeftOut() throws {
        for text in ["8C", "H moll", "", "A minor major", "-"] {
            #expect(try track(#"{"id":1,"title":"x","key_signature":"\#(text)"}"#).key == nil)
        }
    }

    @Test(
        arguments: [
            ("2026/01/13 17:02:45 +0000", 1_768_323_765), ("2026-01-13T17:02:45.000Z", 1_768_323_765),
            ("2026/01/13 19:02:45 +0200", 1_768_323_765), ("2026-01-13", 1_768_262_400),
            ("1970/01/01 00:00:00 +0000", 0),
            ("2024/02/29 00:00:00 +0000", 1_709_164_800),
        ] as [(String, Double)]) func datesAreRead(text: String, seconds: Double) throws
    {
        #expect(try track(#"{"id":1,"title":"x","created_at":"\#(text)"}"#).createdSeconds == seconds)
    }

    @Test func whatIsNoDateIsLeftOut() throws {
        for text in ["", "yesterday", "2026/13/01 00:00:00 +0000", "2026/01/01 25:00:00 +0000", "0000/00/00"] {
            #expect(try track(#"{"id":1,"title":"x","created_at":"\#(text)"}"#).createdSeconds == nil)
        }
    }

    @Test(
        arguments: [
            (#""#, []), (#"a b  c"#, ["a", "b", "c"]),
            (#"\"deep house\" \"deep house\" Deep"#, ["deep house", "deep"]),
            (#"\"not closed tag"#, ["not closed tag"]), (#"\"\" x \"\""#, ["x"]), (#"\"a\"\"b\""#, ["a", "b"]),
            (#"soundcloud:source=web geo:lon=2 ok"#, ["ok"]),
        ] as [(String, [String])]) func tagListsAreTakenApart(list: String, tags: [String]) throws
    {
        #expect(try track(#"{"id":1,"title":"x","tag_list":"\#(list)"}"#).tags == tags)
    }

    @Test func termsSayWhyATrackMayNotPlay() throws {
        func objection(_ change: (inout CloudTrack) -> Void, _ terms: CloudTerms = CloudTerms()) -> CloudTerms
            .Objection?
        {
            var track = CloudTrack(
                id: CloudURN(.tracks, "1")!, title: "x", uploader: CloudUser(name: "u"), durationSeconds: 200,
                licence: .byNC,
                link: "https://soundcloud.com/u/x")
            change(&track)
            return terms.objection(to: track)
        }
        #expect(objection { _ in } == nil)
        #expect(objection { $0.access = .preview } == .notPlayable(.preview))
        #expect(objection { $0.isPublic = false } == .notPublic)
        #expect(objection { $0.durationSeconds = 12 } == .length(12))
        #expect(objection { $0.uploader = nil } == .nobodyToName)
        #expect(objection { $0.link = nil } == .nobodyToName)
        for licence in [CloudLicence.byND, .byNCND, .allRightsReserved] {
            #expect(objection { $0.licence = licence } == .licence(licence))
            #expect(objection({ $0.licence = licence }, CloudTerms(beyondLicences: true)) == nil)
        }
        for licence in [CloudLicence.byNC, .byNCSA] {
            #expect(objection({ $0.licence = licence }, CloudTerms(isCommercial: true)) == .commerce(licence))
        }
        #expect(objection({ $0.licence = .bySA }, CloudTerms(isCommercial: true)) == nil)
        let beyond = CloudTerms(isCommercial: true, beyondLicences: true)
        for licence in [CloudLicence.byNC, .byNCSA, .byNCND] {
            #expect(objection({ $0.licence = licence }, beyond) == .commerce(licence), "consent to mix is none to earn")
        }
        for licence in [CloudLicence.byND, .allRightsReserved] {
            #expect(objection({ $0.licence = licence }, beyond) == nil)
        }
        #expect(CloudLicence("something new") == .allRightsReserved)
    }

    @Test func theNoticeBeginsWithWhatMattersMost() {
        let first = CloudTerms.notice.split(separator: "\n")[0]
        #expect(first.contains("help page") && first.contains("mixing") && first.contains("not allowed"))
        #expect(first.contains("written consent"))
    }
}
