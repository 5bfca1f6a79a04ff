import Glibc

/// Finds an order of tracks whose legs together cost little: a path from a given start, or from anywhere, through all.
///
/// Up to nine tracks exactly; more by nearest neighbour, 2-opt and Or-opt, then iterated local search. The work done
/// follows from the number of tracks and the seconds allowed, not from how fast the machine is, so the same tracks,
/// seed and seconds give the same tour everywhere that the seconds suffice; `Tour.stoppedByClock` says if not.
public struct TourSolver: Sendable {
    public var cost: TourCost
    /// Other tracks that must stand between two of one artist. 0 turns the rule off.
    public var artistGap: Int

    public init(cost: TourCost = TourCost(), artistGap: Int = SeparationRules().artistGap) {
        self.cost = cost
        self.artistGap = max(0, artistGap)
    }

    /// Rounds of the improver that a second is planned to hold, about half of what one core does: where an opinion
    /// makes costs differ by direction, fewer.
    private static let roundsPerSecond = (symmetric: 20_000.0, byDirection: 7_500.0)
    /// Seconds that finding the neighbours takes, for each pair looked at.
    private static let secondsPerPair = 1.5e-7
    /// Rounds a track beyond which nothing more is found in so small a tour.
    private static let roundsPerTrackMax = 200.0
    /// Up to so many tracks the best path is found outright.
    private static let exactTracksMax = 9

    /// The order and what it costs.
    ///
    /// - Parameters:
    ///   - start: id of the track that comes first; nil: whichever makes the cheapest tour.
    ///   - seconds: bounds the work, and the time by `clock`.
    ///   - clock: seconds on a clock that only goes forward; by default this thread's processor time.
    /// **Errors:** a start that is not among the tracks, an id twice, too many tracks.
    public func path(
        from start: String? = nil, through tracks: [TrackFacts], seed: UInt64, seconds: Double = 0.5,
        clock: () -> Double = TourSolver.threadSeconds
    ) throws(TourError) -> Tour {
        guard tracks.count <= CoreLimits.tourTracksMax else {
            throw .tooManyTracks(count: tracks.count, limit: CoreLimits.tourTracksMax)
        }
        var seen = Set<String>()
        for track in tracks where !seen.insert(track.id).inserted { throw .repeatedID(track.id) }
        var first: Int?
        if let start {
            guard let index = tracks.firstIndex(where: { $0.id == start }) else { throw .unknownStart(start) }
            first = index
        }
        guard !tracks.isEmpty else { return Tour(order: [], legs: []) }

        let table = TourTable(tracks: tracks, cost: cost)
        let solved = order(of: table, from: first, seed: seed, seconds: seconds, clock: clock)
        let spacing = ArtistSpacing(table: table, gap: artistGap)
        let (spaced, close) = spacing.spaced(solved.order, firstFree: first == nil ? 0 : 1, recent: [])
        let legs = zip(spaced, spaced.dropFirst()).map { table.leg($0, $1) }
        return Tour(
            order: spaced.map { tracks[$0].id }, legs: legs,
            relaxed: relaxations(close, spaced, tracks), stoppedByClock: solved.stoppedByClock)
    }

    /// Seconds of processor time that this thread has used: unlike the time of day it does not run on while others work.
    @Sendable public static func threadSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// The cheapest order found, artists not yet kept apart.
    func order(
        of table: TourTable, from first: Int?, seed: UInt64, seconds: Double, clock: () -> Double,
        exactTracksMax: Int = TourSolver.exactTracksMax
    ) -> (order: [Int], stoppedByClock: Bool) {
        if table.count <= exactTracksMax { return (ExactTour.order(of: table, from: first), false) }
        let deadline = clock() + max(0, seconds)
        let cache = CostCache(table: table)
        let neighbours = TourNeighbours(table: table, cache: cache, seed: seed)
        var generator = SeededGenerator(seed: seed)
        let begin = first ?? generator.next(below: table.count)
        var order = nearestNeighbours(from: begin, table: table, cache: cache, neighbours: neighbours)
        let nothing = Int32(table.count)
        if first == nil { order.insert(nothing, at: 0) }
        order.append(nothing)
        let isSymmetric = cost.opinion == nil
        var improver = TourImprover(
            path: TourPath(order: order, trackCount: table.count, cache: cache, isSymmetric: isSymmetric),
            neighbours: neighbours, trackCount: table.count, seed: generator.next())
        let rounds = plannedRounds(tracks: table.count, seconds: seconds)
        let stopped = improver.run(rounds: rounds, isOver: { clock() >= deadline })
        return (improver.order.filter { $0 < nothing }.map(Int.init), stopped)
    }

    /// How often a tour is disturbed: known before the work begins, so that it does not depend on the machine.
    private func plannedRounds(tracks count: Int, seconds: Double) -> Int {
        let seconds = max(0, min(1e5, seconds))
        let pairs = Double(count) * Double(min(count, CoreLimits.neighbourScanTracksMax))
        let left = max(0, seconds - pairs * TourSolver.secondsPerPair)
        let speed = TourSolver.roundsPerSecond
        // Beyond 400 tracks a round costs about as much more as there are more tracks to turn round.
        let share = min(1, 400 / Double(max(1, count)))
        let planned = left * share * (cost.opinion == nil ? speed.symmetric : speed.byDirection)
        let useful = Double(count) * TourSolver.roundsPerTrackMax * max(1, seconds)
        return Int(min(planned, useful))
    }

    /// From each track on to the cheapest that is left.
    private func nearestNeighbours(
        from begin: Int, table: TourTable, cache: CostCache, neighbours: TourNeighbours
    ) -> [Int32] {
        var left = Array(0..<Int32(table.count))  // the unvisited, in no order, each knowing its place
        var place = left.map(Int.init)
        func take(_ track: Int32) {
            let hole = place[Int(track)]
            let moved = left[left.count - 1]
            left[hole] = moved
            place[Int(moved)] = hole
            place[Int(track)] = -1
            left.removeLast()
        }
        var order = [Int32(begin)]
        order.reserveCapacity(table.count + 2)
        take(Int32(begin))
        while !left.isEmpty {
            let here = Int(order[order.count - 1])
            let near = neighbours.list[here * neighbours.width..<(here + 1) * neighbours.width]
            var next = near.first { place[Int($0)] >= 0 }
            if next == nil {
                // All neighbours are behind us: the cheapest by facts of those left (of the first few thousand).
                var best = Double.infinity
                for track in left.prefix(CoreLimits.neighbourScanTracksMax) {
                    let cost = table.factsCost(here, Int(track))
                    if cost < best || (cost == best && track < next!) {
                        best = cost
                        next = track
                    }
                }
            }
            order.append(next!)
            take(next!)
        }
        return order
    }

    private func relaxations(_ close: [Int], _ order: [Int], _ tracks: [TrackFacts]) -> [String] {
        guard let first = close.first else { return [] }
        let relaxation = Relaxation(rule: .artist, wanted: artistGap, held: 0)
        return [
            "\(relaxation.rule.rawValue) separation of \(artistGap) not held at \(close.count) of \(order.count)"
                + " tracks, first at \"\(tracks[order[first]].spokenName)\""
        ]
    }
}
