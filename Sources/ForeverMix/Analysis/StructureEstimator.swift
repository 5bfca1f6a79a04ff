import Foundation

/// From measured bars to what sounds in them, sections, phrases and cue points.
package struct StructureEstimator: Sendable {
    /// Bars of a full phrase.
    package static let phraseBars = 8

    package init() {}

    /// `hasBars` is false where the bars are mere stretches of time: then there are no phrases and cue points.
    /// The confidence is that of the phrases.
    package func structure(
        _ features: [BarFeatures], edges: (start: Double, end: Double), hasBars: Bool
    ) -> (structure: TrackStructure, confidence: Double) {
        guard !features.isEmpty else { return (TrackStructure(), 0) }
        let bars = StructureEstimator.bars(features)
        let cuts = StructureEstimator.cuts(features, bars, SectionFinder())
        let sections = SectionNames.sections(cuts: cuts, bars: bars, edges: edges)
        guard hasBars else { return (TrackStructure(bars: bars, sections: sections), 0) }
        let phrases = StructureEstimator.phrases(cuts: cuts, barCount: bars.count)
        let confidence = StructureEstimator.confidence(cuts: cuts, barCount: bars.count)
        let grid = PhraseGrid(
            changes: StructureEstimator.changes(features, bars, phrases: phrases, cuts: cuts),
            lengths: phrases.indices.map { ($0 + 1 < phrases.count ? phrases[$0 + 1] : bars.count) - phrases[$0] })
        let levels = PhraseGrid.levels.map { length in
            TrackStructure.PhraseLevel(
                bars: length,
                starts: phrases.indices.filter { grid.begins(length, at: $0) }.map { bars[phrases[$0]].start },
                confidence: StructureEstimator.rounded(length == 8 ? confidence : confidence * grid.confidence(length)))
        }
        let cues = CueFinder(bars: bars, phrases: phrases, cuts: cuts, levels: levels)
        let structure = TrackStructure(
            bars: bars, phrases: phrases.map { bars[$0].start }, phraseLevels: levels, sections: sections,
            entries: cues.entries, exits: cues.exits)
        return (structure, confidence)
    }

    /// How much changes where each phrase begins, 0 ... 1: a section's start is a whole change.
    private static func changes(
        _ features: [BarFeatures], _ bars: [TrackStructure.Bar], phrases: [Int], cuts: [Int]
    ) -> [Double] {
        let finder = SectionFinder()
        let variation = finder.variation(rows(features, bars), harmony: features.map(\.harmony))
        return phrases.map { bar in
            let step = min(1, variation.step(at: bar, barCount: bars.count) / finder.cutCost)
            // Something changes a little everywhere.
            return cuts.contains(bar) ? 1 : max(0, step - changeMin)
        }
    }

    private static let changeMin = 0.2

    /// The bars where sections begin.
    package static func cuts(_ features: [BarFeatures], finder: SectionFinder = SectionFinder()) -> [Int] {
        features.isEmpty ? [] : cuts(features, bars(features), finder)
    }

    private static func cuts(
        _ features: [BarFeatures], _ bars: [TrackStructure.Bar], _ finder: SectionFinder
    ) -> [Int] {
        finder.cuts(rows(features, bars), harmony: features.map(\.harmony))
    }

    /// How often sections change on one grid of eight bars, and in how many changes that was seen: a single change
    /// says little, four on one grid are hardly chance.
    static func confidence(cuts: [Int], barCount: Int) -> Double {
        var counts = [Int](repeating: 0, count: phraseBars)
        for cut in cuts.dropFirst() { counts[cut % phraseBars] += 1 }
        let all = cuts.count - 1
        guard all > 0 else { return 0 }
        let agreeing = Double(counts.max() ?? 0)
        return agreeing / Double(all) * (1 - pow(0.4, agreeing))
    }

    /// Every measurement against the track's own usual and fullest bars.
    private static func bars(_ features: [BarFeatures]) -> [TrackStructure.Bar] {
        // Drums alone stand out more than drums among everything, so the usual bar is the measure, not the clearest.
        let hits = features.map { $0.flux[0] + 0.5 * $0.flux[2] }
        let usual = max(percentile(hits, 0.6), hitsMin)
        let notes = features.map(\.bass)
        let fullBass = max(percentile(notes, 0.9), bassMin)
        let lowTop = percentile(features.map(\.lowFloor), 0.9)
        let top = percentile(features.map(\.level), 0.9)
        let groupTops = features[0].groups.indices.map { k in percentile(features.map { $0.groups[k] }, 0.9) }
        return features.indices.map { at in
            let bar = features[at]
            let drums = share(hits[at] / usual, from: 0.3, to: 0.8)
            // A kick drum has a pitch too, but leaves gaps; a bass is there for most of the bar.
            let lasting = share(bar.lowFloor - lowTop, from: -24, to: -8)
            let bass = lasting * share(notes[at] / fullBass, from: 0.2, to: 0.7)
            let level = share(bar.level - top, from: -18, to: -1)
            // Loud is not full: a kick drum alone is as loud as all the others with it.
            let full = zip(bar.groups, groupTops).reduce(0) { $0 + share($1.0 - $1.1, from: -20, to: -4) }
            let fullness = full / Double(groupTops.count)
            return TrackStructure.Bar(
                start: bar.start, drums: rounded(drums), bass: rounded(bass), voice: rounded(VoiceModel.likeness(bar)),
                energy: rounded(0.3 * level + 0.25 * drums + 0.2 * bass + 0.25 * fullness))
        }
    }

    /// Weaker than these in the whole track is none.
    private static let hitsMin = 0.03
    private static let bassMin = 0.5

    private static func share(_ value: Double, from: Double, to: Double) -> Double {
        max(0, min(1, (value - from) / (to - from)))
    }

    private static func percentile(_ values: [Double], _ share: Double) -> Double {
        values.sorted()[Int(Double(values.count - 1) * share)]
    }

    private static func rounded(_ value: Double) -> Double { (value * 100).rounded() / 100 }

    /// The features that sections are cut by, each in units of a change that is heard.
    private static func rows(_ features: [BarFeatures], _ bars: [TrackStructure.Bar]) -> [[Double]] {
        let loud = percentile(features.map(\.level), 0.9)
        return features.indices.map { at in
            // 40 dB below the loud bars is silence, however far below.
            func decibels(_ value: Double) -> Double { max(value, loud - 40) / 4 }
            return [decibels(features[at].level)] + features[at].groups.map { decibels($0) }
                + [bars[at].drums * 4, bars[at].bass * 2, bars[at].voice * 2]
        }
    }

    /// The first bars of phrases: every eight from a section's start on; before the first cut counted back from it.
    static func phrases(cuts: [Int], barCount: Int) -> [Int] {
        var result: [Int] = []
        for (at, cut) in cuts.enumerated() {
            let end = at + 1 < cuts.count ? cuts[at + 1] : barCount
            var first = cut
            if at == 0, cuts.count > 1 { first = (end - cut) % phraseBars + cut }
            if first > cut { result.append(cut) }
            result += stride(from: first, to: end, by: phraseBars)
        }
        return result
    }
}
