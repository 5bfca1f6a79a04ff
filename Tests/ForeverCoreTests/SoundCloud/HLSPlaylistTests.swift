import Foundation
import ForeverCore
import Testing

@Suite struct HLSPlaylistTests {
    private let base = URL(
        string: "https://playback.media-streaming.soundcloud.cloud/c/aac_160k/x/playlist.m3u8?expires=9")!

    private func refusal(_ text: String) -> SoundRefusal? {
        do throws(SoundRefusal) {
            _ = try HLSPlaylist(text, base: base)
            return nil
        } catch { return error }
    }

    private let aac = """
        #EXTM3U
        #EXT-X-VERSION:7
        #EXT-X-TARGETDURATION:10
        #EXT-X-MEDIA-SEQUENCE:0
        #EXT-X-PLAYLIST-TYPE:VOD
        #EXT-X-MAP:URI="https://playback.media-streaming.soundcloud.cloud/c/init.mp4?expires=100&Policy=a,b"
        #EXTINF:10.007800,
        https://playback.media-streaming.soundcloud.cloud/c/data000.m4s?expires=100
        #EXTINF:4.871542,
        data001.m4s?expires=200
        #EXT-X-ENDLIST
        """

    @Test func anAACPlaylistIsRead() throws {
        for text in [aac, aac.replacing("\n", with: "\r\n"), "\n" + aac + "\n\n"] {
            let list = try HLSPlaylist(text, base: base)
            #expect(list.initialPart?.absoluteString.hasSuffix("init.mp4?expires=100&Policy=a,b") == true)
            #expect(list.segments.count == 2)
            #expect(list.segments[1].address.host == base.host, "relative addresses too")
            #expect(abs(list.seconds - 14.879342) < 1e-9)
        }
    }

    @Test func anMP3PlaylistIsRead() throws {
        let list = try HLSPlaylist(
            "#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-KEY:METHOD=NONE\n#EXTINF:1.98,\nhttps://cf-hls-media.sndcdn.com/media/0/31/a.mp3\n#EXT-X-ENDLIST",
            base: base)
        #expect(list.initialPart == nil && list.segments.count == 1)
    }

    @Test func whatIsNotForUsIsRefusedWithTheReason() {
        func with(_ line: String) -> String { aac.replacing("#EXTINF:10", with: line + "\n#EXTINF:10") }
        #expect(refusal(with(#"#EXT-X-KEY:METHOD=AES-128,URI="https://x/k""#)) == .encrypted(method: "AES-128"))
        #expect(
            refusal(with(#"#EXT-X-KEY:METHOD=SAMPLE-AES-CTR,KEYFORMAT="x""#)) == .encrypted(method: "SAMPLE-AES-CTR"))
        #expect(refusal(with("#EXT-X-KEY:nonsense")) == .encrypted(method: "unknown"))
        #expect(refusal(with("#EXT-X-SESSION-KEY:METHOD=SAMPLE-AES")) == .encrypted(method: "SAMPLE-AES"))
        #expect(refusal(with("#EXT-X-BYTERANGE:10@0")) == .playlist("byte ranges"))
        #expect(refusal(with("#EXT-X-DISCONTINUITY")) == .playlist("a discontinuity"))
        #expect(refusal(with("#EXT-X-STREAM-INF:BANDWIDTH=1")) == .playlist("a list of variants"))
        #expect(refusal(with(#"#EXT-X-MAP:URI="b.mp4""#)) == .playlist("several init parts"))
        #expect(refusal(aac.replacing("#EXT-X-ENDLIST", with: "")) == .playlist("no end"))
        #expect(refusal(aac.replacing("10.007800", with: "nan")) != nil)
        #expect(refusal("") == .playlist("no #EXTM3U"))
        #expect(refusal("<html></html>") == .playlist("no #EXTM3U"))
        #expect(refusal("#EXTM3U\n#EXT-X-ENDLIST") == .playlist("no segments"))
        let endless = "#EXTM3U\n" + String(repeating: "#EXTINF:1,\na\n", count: 1_300) + "#EXT-X-ENDLIST"
        #expect(refusal(endless) == .tooLarge("more than 1200 segments"))
    }

    @Test func theBestStreamIsTaken() throws {
        var streams = CloudStreams(aac160: "a", aac96: "b", mp3128: "c", hasPreview: true)
        #expect(try streams.choices().map(\.address) == ["a", "b", "c"])
        #expect(try streams.choices(only: .aac96).map(\.address) == ["b"])
        streams.aac160 = nil
        #expect(try streams.choices().map(\.format) == [.aac96, .mp3128])
        #expect(throws: SoundRefusal.previewOnly) { try streams.choices(only: .aac160) }
        streams.aac96 = nil
        streams.mp3128 = nil
        #expect(throws: SoundRefusal.previewOnly) { try streams.choices() }
        streams.hasPreview = false
        #expect(throws: SoundRefusal.noStreams) { try streams.choices() }
        let read = try JSONDecoder().decode(
            CloudStreams.self,
            from: Data(
                #"{"hls_aac_160_url":null,"http_mp3_128_url":"https://x/old","hls_aac_96_url":"https://x/96"}"#.utf8))
        #expect(read == CloudStreams(aac96: "https://x/96"))
    }

    @Test func partsAreJoinedAcrossRenewals() throws {
        var assembly = SoundAssembly(try HLSPlaylist(aac, base: base))
        #expect(
            assembly.step(nowSeconds: 50)
                == .fetch(
                    URL(string: "https://playback.media-streaming.soundcloud.cloud/c/init.mp4?expires=100&Policy=a,b")!)
        )
        try assembly.took([1])
        #expect(assembly.step(nowSeconds: 100) == .renew, "a signature that is over is not tried")
        let fresh = try HLSPlaylist(aac.replacing("expires=100", with: "expires=300"), base: base)
        try assembly.renewed(fresh)
        #expect(assembly.step(nowSeconds: 100) == .fetch(fresh.segments[0].address), "it goes on at the same part")
        try assembly.took([2])
        assembly.signatureWasOver()
        #expect(assembly.step(nowSeconds: 100) == .renew)
        #expect(throws: CloudProblem.self) {
            var other = assembly
            try other.renewed(try HLSPlaylist(aac.replacing("4.87", with: "5.87"), base: base))
        }
        try assembly.renewed(fresh)
        try assembly.took([3])
        #expect(assembly.step(nowSeconds: 100) == .done)
        #expect(assembly.bytes == [1, 2, 3])
    }

    @Test func nothingIsTriedForEver() throws {
        var assembly = SoundAssembly(try HLSPlaylist(aac, base: base))
        for _ in 1..<CloudLimits.segmentTriesMax { try assembly.failed() }
        #expect(throws: CloudProblem.self) { try assembly.failed() }
        let list = try HLSPlaylist(aac, base: base)
        for _ in 0..<CloudLimits.renewalsMax { try assembly.renewed(list) }
        #expect(throws: CloudProblem.signatureOver) { try assembly.renewed(list) }
        #expect(throws: CloudProblem.self) {
            var large = SoundAssembly(list)
            for _ in 0..<40 { try large.took([UInt8](repeating: 0, count: 4 << 20)) }
        }
    }
}
