import Foundation
import ForeverTestKit
import Testing

/// `forever-server analyze --json`: one object a line with the fields that tools rely on.
@Suite(.serialized) struct AnalyzeCommandTests {
    @Test func aClickTrackHasItsTempoAndBeats() throws {
        let data = try TemporaryFolder()
        let file = try data.write(clickTrack(beatsPerMinute: 125, seconds: 30), to: "clicks.wav")
        let done = try FinishedProgram(Programs.server, ["analyze", file, "--json"], seconds: 60)
        #expect(done.status == 0, "\(done.errorText)")
        let lines = done.outputText.split(separator: "\n")
        #expect(lines.count == 1)
        let line = try #require(lines.first)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        #expect(object["file"] as? String == file)
        #expect(abs((object["duration"] as? Double ?? 0) - 30) < 0.05)
        #expect(abs((object["tempo"] as? Double ?? 0) - 125) < 0.5)
        let beats = try #require(object["beats"] as? [Double])
        #expect(beats.count > 50)
        let late = beats.map { abs(($0 / 0.48 - ($0 / 0.48).rounded()) * 0.48) }.sorted()
        #expect(late[late.count / 2] < 0.03, "beats lie on the clicks")
        for name in ["confidence", "trusted"] {
            let group = try #require(object[name] as? [String: Any])
            #expect(Set(group.keys) == ["beats", "downbeats", "key", "phrases"])
        }
        #expect(object["downbeats"] is [Double])
        #expect(object["loudness"] is Double && object["truePeak"] is Double && object["cpu_s"] is Double)
        #expect(object.keys.contains("key"))
        #expect(object["timeSignature"] as? String == "4/4")
        let structure = try #require(object["structure"] as? [String: Any])
        #expect(Set(structure.keys) == ["bars", "phrases", "phraseLevels", "sections", "entries", "exits"])
    }

    @Test func aPlotIsWrittenWhereItIsAskedFor() throws {
        let data = try TemporaryFolder()
        let file = try data.write(clickTrack(beatsPerMinute: 125, seconds: 12), to: "clicks.wav")
        let done = try FinishedProgram(
            Programs.server, ["analyze", file, "--plot", data("out.svg")], seconds: 60)
        #expect(done.status == 0, "\(done.errorText)")
        let drawing = String(decoding: data.bytes(of: "out.svg"), as: UTF8.self)
        #expect(drawing.contains("clicks.wav") && drawing.hasSuffix("</svg>\n"))
        let wrong = try FinishedProgram(Programs.server, ["analyze", file, "--plot", data("out.png")], seconds: 60)
        #expect(wrong.status == 2 && wrong.errorText.contains(".svg"))
    }

    @Test func aFileThatIsNoMusicIsNamedAndCounted() throws {
        let data = try TemporaryFolder()
        let file = try data.write("no music".utf8, to: "text.mp3")
        let done = try FinishedProgram(Programs.server, ["analyze", file, "--json"], seconds: 30)
        #expect(done.status != 0)
        #expect(done.errorText.contains("text.mp3"))
    }

    /// 16-bit mono WAV at 48 kHz: a decaying tone on every beat, the first of four higher.
    private func clickTrack(beatsPerMinute: Double, seconds: Int) -> [UInt8] {
        let count = 48000 * seconds
        var bytes: [UInt8] = Array("RIFF".utf8) + little(UInt32(36 + 2 * count)) + Array("WAVEfmt ".utf8)
        bytes += little(UInt32(16)) + little(UInt16(1)) + little(UInt16(1)) + little(UInt32(48000))
        bytes += little(UInt32(96000)) + little(UInt16(2)) + little(UInt16(16)) + Array("data".utf8)
        bytes += little(UInt32(2 * count))
        let period = 48000 * 60 / beatsPerMinute
        for n in 0..<count {
            let beat = (Double(n) / period).rounded(.down)
            let age = (Double(n) - beat * period) / 48000
            let hertz = Int(beat) % 4 == 0 ? 1600.0 : 800.0
            let sample = 0.6 * sin(2 * .pi * hertz * age) * exp(-age * 60)
            bytes += little(UInt16(bitPattern: Int16(sample * 32767)))
        }
        return bytes
    }

    private func little(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: value.littleEndian) { Array($0) }
    }
}
