/// One tour to be found: what it goes through, what it minds, and how much work may go into it.
struct TourTask {
    let table: TourTable
    /// The track that comes first; nil: whichever makes the cheapest tour.
    var first: Int?
    /// Other tracks that must stand between two of one artist.
    var artistGap = 0
    /// The energy wanted at each place of the tour.
    var shape: TourShape?
    /// An order that was good before: what is in the table of it is kept, what is new is put where it fits.
    var previous: [Int]?
    var seed: UInt64
    /// Bounds the work, and the time by the clock. **Units:** s.
    var seconds: Double

    struct Result {
        var order: [Int]
        /// Places of tracks that stand too close after another of their artist.
        var close: [Int]
        var stoppedByClock: Bool
    }

    /// Up to so many tracks the best path is found outright, where only steps are minded.
    static let exactTracksMax = 9

    func solve(clock: () -> Double, exactTracksMax: Int = TourTask.exactTracksMax) -> Result {
        let count = table.count
        guard count > 0 else { return Result(order: [], close: [], stoppedByClock: false) }
        let gap = max(0, artistGap)
        let recent = table.recentArtists
        // In front stand those that played before, or the start, or nothing; behind the end stands nothing.
        let fixed = first == nil ? max(1, recent.count) : recent.count + 1
        let firstFree = first == nil ? 0 : 1
        let rules = TourRules(
            gap: gap, artists: (0..<count).map { table.artist($0) } + [-1] + recent, shape: shape,
            placesBefore: fixed - firstFree)
        let spacing = ArtistSpacing(table: table, gap: gap)
        let isExact = count <= exactTracksMax && shape == nil
        if isExact, rules.isNothingMinded {
            return Result(order: ExactTour.order(of: table, from: first), close: [], stoppedByClock: false)
        }
        let deadline = clock() + max(0, seconds)
        let cache = CostCache(table: table)
        let neighbours = TourNeighbours(table: table, cache: cache, seed: seed)
        var generator = SeededGenerator(seed: seed)
        let construction = TourConstruction(
            table: table, cache: cache, neighbours: neighbours, shape: shape, first: first)
        var start: [Int]
        var touched: [Int]?
        if let previous, !previous.isEmpty {
            (start, touched) = construction.order(keeping: previous)
        } else {
            start = isExact ? ExactTour.order(of: table, from: first) : construction.order(drawing: &generator)
        }
        let spaced = spacing.spaced(start, firstFree: firstFree, recent: recent)
        if spaced.order != start { touched = nil }
        start = spaced.order

        let nothing = Int32(count)
        var order = recent.indices.map { nothing + 1 + Int32($0) }
        if order.isEmpty, first == nil { order.append(nothing) }
        order += start.map(Int32.init)
        order.append(nothing)
        let path = TourPath(order: order, trackCount: count, firstFree: fixed, cache: cache)
        var improver = TourImprover(path: path, neighbours: neighbours, rules: rules, seed: generator.next())
        let rounds = TourEffort.rounds(tracks: count, seconds: seconds, isSymmetric: cache.isSymmetric)
        let stopped = improver.run(rounds: rounds, from: touched, isOver: { clock() >= deadline })
        let improved = spacing.spaced(path.tracks, firstFree: firstFree, recent: recent)
        return Result(order: improved.order, close: improved.close, stoppedByClock: stopped)
    }
}

/// How much work the seconds of a tour hold: known before it begins, so that it does not depend on the machine.
enum TourEffort {
    /// Seconds that a round takes: more with more tracks, because stretches that are turned round are longer and costs
    /// lie farther apart in memory. Half as much again as on the machine where it was measured.
    private static func roundSeconds(tracks count: Int) -> Double {
        1.5e-6 * min(8 + 0.036 * Double(count), 120)
    }
    /// How much longer a round takes where costs differ by direction: two costs a pair, and more of them far away.
    private static func byDirection(tracks count: Int) -> Double { count <= CoreLimits.denseTracksMax ? 1.5 : 2.5 }
    /// Seconds that finding the neighbours takes, for each pair looked at, and the first descent, for each track.
    private static let secondsPerPair = 7e-8
    private static let secondsPerTrack = 6e-5
    /// Rounds a track beyond which nothing more is found in so small a tour.
    private static let roundsPerTrackMax = 200.0

    static func rounds(tracks count: Int, seconds: Double, isSymmetric: Bool) -> Int {
        let seconds = max(0, min(1e5, seconds))
        let pairs = Double(count) * Double(min(count, CoreLimits.neighbourScanTracksMax))
        let left = max(0, seconds - pairs * secondsPerPair - Double(count) * secondsPerTrack)
        let planned = left / roundSeconds(tracks: count) / (isSymmetric ? 1 : byDirection(tracks: count))
        return Int(min(planned, Double(count) * roundsPerTrackMax * max(1, seconds)))
    }
}
