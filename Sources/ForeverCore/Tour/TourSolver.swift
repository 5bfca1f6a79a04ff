import Glibc

/// Finds an order of tracks whose legs together cost little: a path from a given start, or from anywhere, through all.
///
/// Up to nine tracks exactly; more by nearest neighbour and sequential 2-opt and 3-opt moves, then iterated local
/// search. The work done follows from the number of tracks and the seconds allowed, not from how fast the machine is,
/// so the same tracks, seed and seconds give the same tour everywhere that the seconds suffice;
/// `Tour.stoppedByClock` says if not.
public struct TourSolver: Sendable {
    public var cost: TourCost
    /// Other tracks that must stand between two of one artist. 0 turns the rule off.
    public var artistGap: Int

    public init(cost: TourCost = TourCost(), artistGap: Int = SeparationRules().artistGap) {
        self.cost = cost
        self.artistGap = max(0, artistGap)
    }

    /// The order and what it costs.
    ///
    /// - Parameters:
    ///   - start: id of the track that comes first; nil: whichever makes the cheapest tour.
    ///   - previous: an order that was good before tracks came and went: it is mended and made better, not begun anew.
    ///   - course: the energy that the hours ask for, and when the tour begins.
    ///   - seconds: bounds the work, and the time by `clock`.
    ///   - clock: seconds on a clock that only goes forward; by default this thread's processor time.
    /// **Errors:** a start that is not among the tracks, an id twice, too many tracks.
    public func path(
        from start: String? = nil, through tracks: [TrackFacts], improving previous: [String]? = nil,
        course: DayCourse? = nil, seed: UInt64, seconds: Double = 0.5,
        clock: () -> Double = TourSolver.threadSeconds
    ) throws(TourError) -> Tour {
        guard tracks.count <= CoreLimits.tourTracksMax else {
            throw .tooManyTracks(count: tracks.count, limit: CoreLimits.tourTracksMax)
        }
        var numbers: [String: Int] = [:]
        for (index, track) in tracks.enumerated() {
            guard numbers.updateValue(index, forKey: track.id) == nil else { throw .repeatedID(track.id) }
        }
        var first: Int?
        if let start {
            guard let index = numbers[start] else { throw .unknownStart(start) }
            first = index
        }
        let table = TourTable(tracks: tracks, cost: cost)
        let wanted = course.map { table.wantedEnergies(of: $0) }
        let solved = TourTask(
            table: table, first: first, artistGap: artistGap, shape: wanted.map { table.shape($0) },
            previous: previous?.compactMap { numbers[$0] }, seed: seed, seconds: seconds
        ).solve(clock: clock)
        let legs = zip(solved.order, solved.order.dropFirst()).enumerated().map { index, pair in
            table.leg(pair.0, pair.1, wantedEnergy: wanted?[index + 1])
        }
        return Tour(
            order: solved.order.map { tracks[$0].id }, legs: legs,
            relaxed: relaxations(solved.close, solved.order, tracks), stoppedByClock: solved.stoppedByClock)
    }

    /// Seconds of processor time that this thread has used: unlike the time of day it does not run on while others work.
    @Sendable public static func threadSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
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
