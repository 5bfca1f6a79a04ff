import Foundation
import Testing

import ForeverCore

@Suite struct CorrectionTests {
    private func read(_ text: String) throws -> Correction { try Correction(json: Data(text.utf8)) }

    @Test func commentsAndAllFieldsAreRead() throws {
        let correction = try read(
            """
            // the drummer is early
            {
              "neverPlay": true, "neverMix": false, /* for now */
              "tempo": 124.5, "firstBeat": 0.25, "beatsPerBar": 3, "tempoOctave": -1, "key": "8A",
              "tempoRange": [120, 180],
            }
            """)
        #expect(
            correction
                == Correction(
                    neverPlay: true, neverMix: false, tempoOctave: -1, tempo: 124.5, firstBeat: 0.25, beatsPerBar: 3,
                    tempoRange: [120, 180], key: "8A"))
        #expect(try read("{\"beats\":[0.5,1,1.5],\"downbeats\":[0.5,1.5]}").beats == [0.5, 1, 1.5])
        #expect(try read("{}").isEmpty)
    }

    @Test(arguments: [
        ("", "no JSON"), ("[]", "of fields"), ("{\"nevre\":true}", "nevre"), ("{\"tempo\":3}", "20 to 400"),
        ("{\"tempo\":\"fast\"}", "tempo"), ("{\"firstBeat\":1}", "needs tempo"), ("{\"tempoOctave\":5}", "-2 to 2"),
        ("{\"key\":\"H moll\"}", "key"), ("{\"beats\":[1]}", "two"), ("{\"beats\":[1,0.5]}", "ascend"),
        ("{\"beats\":[0,1],\"downbeats\":[0.5]}", "one of beats"), ("{\"downbeats\":[0]}", "needs beats"),
        ("{\"beats\":[0,1],\"tempo\":99,\"firstBeat\":0}", "either"), ("{\"beatsPerBar\":0}", "beatsPerBar"),
        ("{\"tempoRange\":[180,120]}", "tempoRange"), ("{\"tempoRange\":[90]}", "tempoRange"),
    ])
    func whatMakesNoSenseIsRefusedInWords(text: String, words: String) {
        #expect { try read(text) } throws: { "\($0)".contains(words) && $0 is CorrectionError }
    }

    @Test func neverIsNeverAndAGridStaysTogether() {
        let mine = Correction(neverMix: true, tempoOctave: 1)
        let other = Correction(neverPlay: true, tempo: 100, firstBeat: 1, key: "Am")
        let both = mine.over(other)
        #expect(both == Correction(neverPlay: true, neverMix: true, tempoOctave: 1, key: "Am"))
        #expect(Correction(key: "C").over(other).tempo == 100)
        #expect(Correction().over(Correction(neverPlay: false)).isEmpty)
    }

    @Test func aSidecarLiesBesideItsMusic() throws {
        let folder = TemporaryFolder()
        let music = folder.path + "/a song.mp3"
        #expect(SidecarFile(besides: music) == nil)
        try "{ \"neverMix\": true } // live".write(
            toFile: music + ".forever.json", atomically: true, encoding: .utf8)
        let sidecar = try #require(SidecarFile(besides: music))
        #expect(try sidecar.read() == Correction(neverMix: true))
        #expect(SidecarFile.musicName(of: "a song.mp3.forever.json") == "a song.mp3")
        #expect(SidecarFile.musicName(of: "notes.forever.json") == nil)
        try String(repeating: " ", count: 3 << 20).write(
            toFile: music + ".forever.json", atomically: true, encoding: .utf8)
        let large = try #require(SidecarFile(besides: music))
        #expect(throws: CorrectionError.self) { try large.read() }
    }

    /// The nearest folder's file speaks for a track, and the track's own counts more.
    @Test func aFolderSaysWhichTempiItsMusicHas() throws {
        let folder = TemporaryFolder()
        try FileManager.default.createDirectory(
            atPath: folder.path + "/dnb/album", withIntermediateDirectories: true)
        func say(_ words: String, _ name: String) throws {
            try words.write(toFile: folder.path + name, atomically: true, encoding: .utf8)
        }
        let music = folder.path + "/dnb/album/a.mp3"
        #expect(Sidecars(besides: music) == nil)
        try say("{ \"tempoRange\": [90, 180] }", "/folder.forever.json")
        try say("{ \"tempoRange\": [150, 190] }", "/dnb/folder.forever.json")
        let said = try #require(Sidecars(besides: music))
        #expect(try said.read() == Correction(tempoRange: [150, 190]))
        #expect(try Sidecars(besides: folder.path + "/b.mp3")?.read() == Correction(tempoRange: [90, 180]))
        try say("{ \"neverMix\": true }", "/dnb/album/a.mp3.forever.json")
        let both = try #require(Sidecars(besides: music))
        #expect(try both.read() == Correction(neverMix: true, tempoRange: [150, 190]))
        #expect(both.modifiedNanoseconds != said.modifiedNanoseconds)
        try say("{ \"tempoRange\": [60, 110] }", "/dnb/album/a.mp3.forever.json")
        #expect(try Sidecars(besides: music)?.read().tempoRange == [60, 110])
        try say("{ \"key\": \"Am\" }", "/dnb/folder.forever.json")
        #expect {
            _ = try Sidecars(besides: music)?.read()
        } throws: { error in
            "\(error)".contains("dnb/folder.forever.json") && "\(error)".contains("only tempoRange")
        }
    }
}
