import ForeverCodec
import ForeverMix
import ForeverTestKit
import Foundation
import Testing

/// What an unattended station finds in folders: every file ends in a clear error or in a result that makes sense.
struct HostileAnalysisTests {
    /// Analyses the file; nil where it is refused.
    private func analysis(_ path: String) throws -> TrackAnalysis? {
        guard let file = try? AudioFile(path: path) else { return nil }
        let found = try TrackAnalyzer().analyze(file)
        let confidence = found.confidence
        for value in [confidence.beats, confidence.downbeats, confidence.key, confidence.phrases, found.energy] {
            #expect((0...1).contains(value))
        }
        #expect((-70...20).contains(found.loudness) && found.truePeak.isFinite && found.loudnessRange >= 0)
        #expect((420...460).contains(found.tuning) && found.danceability.isFinite)
        #expect(found.beats.allSatisfy { $0 >= 0 && $0 <= found.duration } && found.beats == found.beats.sorted())
        #expect(found.timbre.count == found.beats.count)
        #expect(!found.trusted.downbeats || found.trusted.beats)
        return found
    }

    /// A house beat in which every kind of file is made.
    private func music(_ folder: TemporaryFolder, _ arguments: [String], _ name: String) throws -> String {
        let beat = "0.7*sin(2*PI*(55*mod(t\\,0.5)+3*(1-exp(-40*mod(t\\,0.5)))))*exp(-14*mod(t\\,0.5))"
        let hat = "0.2*(random(0)-0.5)*exp(-60*mod(t+0.25\\,0.5))"
        let chord = "0.05*(sin(2*PI*220*t)+sin(2*PI*277.2*t)+sin(2*PI*329.6*t))"
        try FFmpegCommand.run(
            ["-f", "lavfi", "-i", "aevalsrc=\(beat)+\(hat)+\(chord):s=48000:d=14"] + arguments + [folder(name)])
        return folder(name)
    }

    @Test(arguments: [
        ("mono.wav", ["-ac", "1"]), ("telephone.wav", ["-ar", "8000", "-ac", "1"]), ("studio.wav", ["-ar", "192000"]),
        ("clipped.flac", ["-af", "volume=24dB"]), ("offset.wav", ["-af", "dcshift=0.3", "-c:a", "pcm_f32le"]),
        ("quiet.flac", ["-af", "volume=-45dB", "-sample_fmt", "s32"]), ("late.mp3", ["-ss", "0.31", "-b:a", "96k"]),
        ("six.flac", ["-ac", "6"]),
    ])
    func everyShapeOfSoundHasItsTempo(name: String, arguments: [String]) throws {
        let folder = try TemporaryFolder()
        let found = try #require(try analysis(try music(folder, arguments, name)))
        #expect(abs((found.tempo ?? 0) - 120) < 0.2)
        let phase = name == "late.mp3" ? 0.19 : 0
        let late = found.beats.map { abs((($0 - phase) / 0.5).rounded() * 0.5 + phase - $0) }
        #expect(late.count > 20 && late.allSatisfy { $0 < 0.03 })
    }

    @Test(arguments: [
        ("silence.flac", "anullsrc=d=20"), ("noise.flac", "anoisesrc=d=20:a=0.5"),
        ("pink.mp3", "anoisesrc=d=20:a=0.3:c=pink"), ("tone.ogg", "sine=f=330:d=20"),
        ("second.flac", "sine=f=330:d=1"), ("moment.wav", "sine=f=330:d=0.002"),
        // Syllables of uneven length and pitch.
        (
            "speech.flac",
            "aevalsrc=(0.3*sin(2*PI*(130+25*sin(1.7*t))*t)+0.2*(random(0)-0.5))*pow(sin(2*PI*1.9*t+2*sin(0.9*t))\\,2):d=20"
        ),
    ])
    func whatHasNoBeatIsNotTrusted(name: String, source: String) throws {
        let folder = try TemporaryFolder()
        try FFmpegCommand.run(["-f", "lavfi", "-i", source, folder(name)])
        let found = try #require(try analysis(folder(name)))
        #expect(!found.trusted.beats && !found.trusted.downbeats && !found.trusted.phrases)
        #expect(found.confidence.beats < 0.7)
    }

    /// The tag says an hour, or no frames at all; the sound says fourteen seconds.
    @Test(arguments: [UInt32(150_000), 1, 0, 0xffff_ffff])
    func aWrongLengthInAnMP3IsNotBelieved(frames: UInt32) throws {
        let folder = try TemporaryFolder()
        let path = try music(folder, ["-q:a", "4"], "a.mp3")
        var bytes = folder.bytes(of: "a.mp3")
        let tag = try #require(bytes.firstRange(of: Array("Xing".utf8)) ?? bytes.firstRange(of: Array("Info".utf8)))
        withUnsafeBytes(of: frames.bigEndian) {
            bytes.replaceSubrange((tag.upperBound + 4)..<(tag.upperBound + 8), with: $0)
        }
        let whole = try #require(try analysis(path))
        let found = try #require(try analysis(try folder.write(bytes, to: "b.mp3")))
        #expect(abs(found.duration - whole.duration) < 0.2 && found.tempo == whole.tempo)
    }

    /// A picture of some hundred bytes that says it is 65,000 pixels wide and high is sound's business least of all.
    @Test func aCoverThatIsABombIsLeftAlone() throws {
        let folder = try TemporaryFolder()
        try FFmpegCommand.run(["-f", "lavfi", "-i", "color=s=64x64:d=1", "-frames:v", "1", folder("cover.png")])
        var picture = folder.bytes(of: "cover.png")
        let header = try #require(picture.firstRange(of: Array("IHDR".utf8))).upperBound
        for side in 0..<2 {
            withUnsafeBytes(of: UInt32(65_000).bigEndian) {
                picture.replaceSubrange((header + 4 * side)..<(header + 4 * side + 4), with: $0)
            }
        }
        _ = try folder.write(picture, to: "bomb.png")
        let path = try music(folder, ["-b:a", "96k"], "plain.mp3")
        // An ID3 tag in front, whose picture frame holds the bomb.
        let body = [UInt8](arrayLiteral: 0) + Array("image/png".utf8) + [0, 3, 0] + picture
        func big(_ value: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(value >> $0 & 255) } }
        func synchsafe(_ value: Int) -> [UInt8] { [21, 14, 7, 0].map { UInt8(value >> $0 & 127) } }
        let frame = Array("APIC".utf8) + big(body.count) + [0, 0] + body
        let tagged = Array("ID3".utf8) + [3, 0, 0] + synchsafe(frame.count) + frame + folder.bytes(of: "plain.mp3")
        let found = try #require(try analysis(try folder.write(tagged, to: "bomb.mp3")))
        #expect(found.tempo == (try analysis(path))?.tempo)
    }

    /// Fifty broken files; `Scripts/mutate.sh` tries a thousand under the address sanitizer.
    @Test func brokenFilesAreRefusedOrAnalysed() throws {
        let folder = try TemporaryFolder()
        var analysed = 0
        for (at, name) in ["a.mp3", "a.flac", "a.m4a", "a.ogg", "a.opus", "a.wav", "a.aiff", "a.aac", "b.mp3", "c.wav"]
            .enumerated()
        {
            let arguments = name == "b.mp3" ? ["-q:a", "5"] : name == "c.wav" ? ["-ar", "22050", "-ac", "1"] : []
            _ = try music(folder, arguments, name)
            let bytes = folder.bytes(of: name)
            var mutation = FileMutation(seed: UInt64(100 + at))
            for round in 0..<5 {
                let path = try folder.write(mutation.next(bytes), to: "\(round)-" + name)
                if try analysis(path) != nil { analysed += 1 }
            }
        }
        #expect(analysed > 15, "most breaks leave sound that can be heard")
    }
}
