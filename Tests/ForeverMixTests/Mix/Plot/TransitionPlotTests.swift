import ForeverMix
import Foundation
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

struct TransitionPlotTests {
    /// The drawing of the second track's coming in.
    private func plot(_ mix: SyntheticMix, report: TransitionReport? = nil) throws -> TransitionPlot {
        let frames = TransitionPlot.frames(of: mix.timeline.transitions[1])
        let sound = mix.render(frames.lowerBound..<frames.upperBound + 1)
        let plot = TransitionPlot(mix.timeline, into: 1, mix: sound, report: report) { id in
            let track = mix.tracks[Int(id)!]
            return ("<\(id)> & co", track.analysis, DrumSource(track))
        }
        return try #require(plot)
    }

    @Test func aBlendIsDrawnWithItsBeatsGainsAndFigures() throws {
        let mix = SyntheticMix([SyntheticTrack(tempo: 124), SyntheticTrack(tempo: 128)])
        let transition = mix.timeline.transitions[1]
        let report = TransitionReport(
            fromIndex: 0, toIndex: 1, style: transition.style, dip: -4.25, bassOverlapSeconds: 0.2)
        let svg = try plot(mix, report: report).svg()
        #expect(svg == (try plot(mix, report: report).svg()))
        #expect(XMLParser(data: Data(svg.utf8)).parse(), "well-formed")
        #expect(svg.contains("&lt;0&gt; &amp; co → &lt;1&gt; &amp; co"))
        #expect(svg.contains("\(transition.style!.rawValue): \(transition.reason)"))
        #expect(svg.contains("dip -4.2, bump - LU") && svg.contains("misses dip"))
        func count(_ element: String) -> Int { svg.components(separatedBy: "<\(element) ").count - 1 }
        #expect(count("polygon") == 3, "three waves")
        // Common beats, and both tracks' own over the overlap and the eight seconds on their side.
        #expect(count("line") > 3 * transition.beatFrames!.count)
        #expect(count("polyline") >= 3 * 2 + 2 + 1, "three bands of both sides, both speeds, the loudness")
    }

    @Test func whatKnowsNoBeatsCanBeDrawn() throws {
        for seconds in [0.5, 30] {
            let mix = SyntheticMix([SyntheticTrack(seconds: 20), SyntheticTrack(seconds: seconds)])
            #expect(XMLParser(data: Data(try plot(mix).svg().utf8)).parse())
        }
        let opening = SyntheticMix([SyntheticTrack(seconds: 20)])
        let none = TransitionPlot(opening.timeline, into: 0, mix: StereoBuffer(frameCount: 0), report: nil) { _ in
            ("", opening.tracks[0].analysis, DrumSource(opening.tracks[0]))
        }
        #expect(none == nil)
    }
}
