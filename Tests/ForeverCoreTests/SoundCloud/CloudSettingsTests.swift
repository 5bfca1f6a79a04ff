import Foundation
import ForeverCore
import Testing

@Suite struct CloudSettingsTests {
    private func settings(_ json: String, _ environment: [String: String] = [:]) throws -> CloudSettings {
        try CloudSettings(file: Array(json.utf8), environment: environment)
    }

    private let whole = #""clientID":"id","clientSecret":"hush","acceptTerms":true,"from":["genre: Deep House"]"#

    @Test func aFileIsRead() throws {
        let settings = try settings("{\(whole)}")
        #expect(settings.clientID == "id" && settings.hasAcceptedTerms)
        #expect(settings.addresses == CloudAddresses.standard)
        #expect(settings.terms == CloudTerms())
        #expect(!settings.keepsData)
        #expect(!"\(settings)".contains("hush"))
    }

    @Test func theEnvironmentWeighsMoreAndMayDoAlone() throws {
        let settings = try CloudSettings(
            file: nil,
            environment: [
                CloudSettings.clientIDVariable: "e", CloudSettings.clientSecretVariable: "s",
                CloudSettings.acceptTermsVariable: "true", CloudSettings.fromVariable: "tags: ambient\nsearch: rain",
            ])
        #expect(settings.clientID == "e" && settings.hasAcceptedTerms && settings.sources.count == 2)
        #expect(try self.settings("{\(whole)}", [CloudSettings.acceptTermsVariable: "no"]).hasAcceptedTerms == false)
    }

    @Test(arguments: [
        ("", "one { … }"), ("{}", "clientID"), (#"{"clientID":"x"}"#, "clientSecret"),
        (#"{"clientID":"x","clientSecret":"y"}"#, "from"), (#"{"clientID":7}"#, "clientID"),
        (#"{"clientId":"x"}"#, "clientId"),
        (#"{"clientID":"x","clientSecret":"y","from":["https://example.org/a"]}"#, "https://example.org/a"),
        (#"{"clientID":"x","clientSecret":"y","from":["likes: nobody"]}"#, "link"),
        (#"{"clientID":"x","clientSecret":"y","from":["genre: a"],"apiBase":"http://example.org"}"#, "https"),
        (#"{"clientID":"x","clientSecret":"y","from":["genre: a"],"tokenStyle":"magic"}"#, "tokenStyle"),
        (#"{"clientID":"x","clientSecret":"y","from":["genre: a"],"minimumSeconds":500}"#, "minimumSeconds"),
    ]) func whatIsWrongIsNamed(json: String, word: String) {
        #expect { try settings(json) } throws: { "\($0)".contains(word) && !"\($0)".contains("hush") }
    }

    @Test(arguments: [
        ("https://soundcloud.com/a/b", "https://soundcloud.com/a/b"), ("soundcloud.com/a", "https://soundcloud.com/a"),
        ("http://m.soundcloud.com/a/sets/b?utm_source=x#t=1", "https://soundcloud.com/a/sets/b"),
        ("https://on.soundcloud.com/xyz", "https://on.soundcloud.com/xyz"),
        ("https://soundcloud.com/a/likes", "likes: https://soundcloud.com/a"),
        ("https://soundcloud.com/a/reposts", "reposts: https://soundcloud.com/a"),
        ("https://soundcloud.com/a/tracks", "https://soundcloud.com/a"),
        ("soundcloud:playlists:7", "soundcloud:playlists:7"),
        ("station: soundcloud:tracks:7", "station: soundcloud:tracks:7"), ("Genre:  Deep House ", "genre: Deep House"),
        ("related: https://soundcloud.com/a/b", "related: https://soundcloud.com/a/b"),
    ]) func sourcesAreRead(text: String, meaning: String) throws {
        #expect("\(try CloudSource(text))" == meaning)
    }

    @Test func strangersAreNoSource() {
        for text in [
            "https://soundcloud.com.example.org/a", "https://user@soundcloud.com/a", "ftp://soundcloud.com/a", "charts",
            "x: y", "",
        ] {
            #expect(throws: CloudSettingsError.self) { try CloudSource(text) }
        }
    }
}
