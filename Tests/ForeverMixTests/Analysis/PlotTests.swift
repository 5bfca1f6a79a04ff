import ForeverMix
import Foundation
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

struct PlotTests {
    @Test func theTempogramPeaksAtTheTempo() throws {
        let (music, _, _) = SynthesisedMusic.house(tempo: 120, first: 0.2, seconds: 20)
        let tempogram = try TrackAnalyzer().traced(music.source).trace.tempogram
        let rows = tempogram.tempi.count
        #expect(tempogram.values.count == rows * tempogram.seconds.count && tempogram.seconds.count > 10)
        for column in tempogram.seconds.indices {
            let values = tempogram.values[(column * rows)..<((column + 1) * rows)]
            let row = try #require(tempogram.tempi.firstIndex(of: 120))
            let other = try #require(tempogram.tempi.firstIndex(of: 100))
            #expect(values[values.startIndex + row] > 3 * values[values.startIndex + other])
        }
        #expect(Tempogram(strength: []).values.isEmpty)
    }

    @Test func aPlotIsADrawingOfEveryBeatAndSection() throws {
        let (music, _, _) = SynthesisedMusic.house(tempo: 128, first: 0.5, seconds: 30)
        let (analysis, trace) = try TrackAnalyzer().traced(music.source)
        let name = "<a & \"b\">\u{1}.flac"
        let plot = AnalysisPlot(name: name, analysis: analysis, trace: trace)
        let svg = plot.svg()
        #expect(svg == plot.svg())
        let reader = ElementCounter()
        let parser = XMLParser(data: Data(svg.utf8))
        parser.delegate = reader
        #expect(parser.parse(), "well-formed")
        #expect(reader.counts["line", default: 0] >= analysis.beats.count)
        #expect(reader.counts["polygon"] == 3)
        #expect(reader.text.contains("<a & \"b\">?.flac"))
        for section in analysis.structure.sections { #expect(reader.text.contains(section.kind.rawValue)) }
        #expect(reader.text.contains("4/4"))
    }

    @Test func silenceAndNothingCanBeDrawn() throws {
        for seconds in [0.0, 3] {
            let (analysis, trace) = try TrackAnalyzer().traced(SynthesisedMusic(seconds: seconds).source)
            let svg = AnalysisPlot(name: "silence", analysis: analysis, trace: trace).svg()
            #expect(XMLParser(data: Data(svg.utf8)).parse())
        }
    }
}

private final class ElementCounter: NSObject, XMLParserDelegate {
    private(set) var counts: [String: Int] = [:]
    private(set) var text = ""

    func parser(
        _ parser: XMLParser, didStartElement elementName: String, namespaceURI: String?, qualifiedName qName: String?,
        attributes attributeDict: [String: String]
    ) { counts[elementName, default: 0] += 1 }

    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
}
