extension Truth {
    init(_ track: WideTrack) {
        let times = track.clock.times.dropLast().map { $0 + track.lead }
        let perBar = track.groove.beatsPerBar
        var starts: [Double] = []
        var bar = 0
        for section in track.sections.dropLast() {
            bar += section.bars
            starts.append(times[bar * perBar])
        }
        let intervals = zip(times.dropFirst(), times).map { $0 - $1 }.sorted()
        self.init(
            name: track.name, group: track.group, beats: times.filter { $0 >= 0 },
            downbeats: times.indices.filter { $0 % perBar == 0 && times[$0] >= 0 }.map { times[$0] },
            sectionStarts: starts, tempo: 60 / intervals[intervals.count / 2],
            tempi: track.clock.slowest...track.clock.fastest, timeSignature: track.groove.signature,
            key: track.harmony.key)
    }
}
