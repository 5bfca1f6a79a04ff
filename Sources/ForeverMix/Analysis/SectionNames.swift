/// Gives sections their kinds by how full they are and where they stand.
enum SectionNames {
    /// From this share of the fullest section's energy on a section is one of the main ones.
    private static let mainShare = 0.82
    /// Less than this much of the drums is a breakdown.
    private static let drumsMin = 0.5
    /// An energy that rises by this much between the first and the last quarter of a section is a build.
    private static let buildRise = 0.12
    /// A first or last section this much thinner than its neighbour is intro or outro, even if it is full.
    private static let edgeStep = 0.06

    static func sections(
        cuts: [Int], bars: [TrackStructure.Bar], edges: (start: Double, end: Double)
    ) -> [TrackStructure.Section] {
        let ranges = cuts.indices.map { at in cuts[at]..<(at + 1 < cuts.count ? cuts[at + 1] : bars.count) }
        let energies = ranges.map { range in mean(bars[range].map(\.energy)) }
        let kinds = kinds(ranges, energies, bars)
        return ranges.indices.map { at in
            TrackStructure.Section(
                kind: kinds[at], start: at == 0 ? edges.start : bars[ranges[at].lowerBound].start,
                end: at + 1 < ranges.count ? bars[ranges[at].upperBound].start : edges.end,
                energy: (energies[at] * 100).rounded() / 100)
        }
    }

    private static func kinds(
        _ ranges: [Range<Int>], _ energies: [Double], _ bars: [TrackStructure.Bar]
    ) -> [TrackStructure.Section.Kind] {
        let fullest = ranges.indices.filter { ranges[$0].count >= 4 }.map { energies[$0] }.max() ?? energies.max() ?? 0
        var isMain = energies.map { $0 >= mainShare * fullest }
        let last = ranges.count - 1
        if last > 0 {
            // Thinner than its neighbour: the way in or out, if something else stays.
            if isMain[0], isMain[1], energies[1] - energies[0] > edgeStep { isMain[0] = false }
            if isMain[last], isMain[last - 1], energies[last - 1] - energies[last] > edgeStep,
                isMain.dropLast().contains(true)
            {
                isMain[last] = false
            }
        }
        let firstMain = isMain.firstIndex(of: true) ?? 0
        let lastMain = isMain.lastIndex(of: true) ?? last
        return ranges.indices.map { at in
            if isMain[at] { return .main }
            if at > lastMain { return .outro }
            let bars = bars[ranges[at]]
            let quarter = max(1, bars.count / 4)
            let rise = mean(bars.suffix(quarter).map(\.energy)) - mean(bars.prefix(quarter).map(\.energy))
            let leadsIn = at < last && isMain[at + 1]
            if leadsIn, rise > buildRise, at > 0 || firstMain < at { return .build }
            if at < firstMain { return .intro }
            return mean(bars.map(\.drums)) < drumsMin || !leadsIn ? .breakdown : .build
        }
    }

    private static func mean(_ values: [Double]) -> Double {
        values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
    }
}
