/// Decides what plays next: pure, so the same tracks, history and seed give the same programme.
///
/// From the candidates those that played too lately are left out; what has waited too long comes first, the others
/// are put in order by a tour from the track playing now. Nothing is remembered here: the separations hold across
/// restarts because the history is handed in, and candidates may come and go from call to call. A track played
/// while the programme lies unused, or one that has vanished, is no special case.
public struct Programme: Sendable {
    public var rules: SeparationRules
    public var cost: TourCost
    /// Work put into one tour inside the programme, as in `TourSolver.path`; here no clock ends it earlier, so that
    /// a busy machine decides as an idle one does. **Units:** s.
    public var tourSeconds: Double

    public init(rules: SeparationRules = SeparationRules(), cost: TourCost = TourCost(), tourSeconds: Double = 0.1) {
        self.rules = rules
        self.cost = cost
        self.tourSeconds = tourSeconds
    }

    /// The next `count` tracks; fewer only where there is no candidate at all.
    ///
    /// - Parameters:
    ///   - candidates: what may play. Of two with one id the first counts.
    ///   - history: what has played or is decided, oldest first, without `current`.
    ///   - current: what the next track follows; it needs not be a candidate.
    ///   - planned: what an earlier plan foresaw after its picks: as long as most of it may still play, it is mended
    ///     and made better instead of thought out anew.
    ///   - day: the energy that the hours ask for, beginning when the next track does.
    /// **Cost:** a tour over at most 400 tracks, again when it is used up.
    public func plan(
        candidates: [TrackFacts], history: [PlayedTrack], current: TrackFacts?, planned: [String] = [],
        day: DayCourse? = nil, seed: UInt64, count: Int = 8
    ) -> ProgrammePlan {
        var plays = PlayRecord(candidates: candidates, history: history.suffix(CoreLimits.programmeHistoryMax))
        guard !plays.candidates.isEmpty else { return ProgrammePlan() }
        if let current { plays.append(trackID: current.id, artist: current.artist) }
        let gap = rules.trackGap(candidates: plays.candidates.count)
        var here = current
        var plan = ProgrammePlan()
        var day = day
        let wanted = min(max(0, count), CoreLimits.programmeUpcomingMax)
        while plan.picks.count < wanted {
            let pool = drawPool(from: plays, gap: gap, seed: seed)
            let previous = plan.picks.isEmpty ? planned : []
            let batch = order(pool, after: here, plays: plays, planned: previous, day: day, seed: seed)
            for (index, (facts, leg)) in batch.enumerated() {
                // Plays made since the pool was drawn may have freed older tracks; the tour is kept all the same.
                plan.picks.append(
                    ProgrammePick(
                        trackID: facts.id, leg: leg,
                        relaxed: relaxations(for: facts, plays: plays, trackGap: gap)))
                plays.append(trackID: facts.id, artist: facts.artist)
                here = facts
                day?.startHour += (facts.duration ?? Programme.guessedSeconds) / 3600
                if plan.picks.count == wanted {
                    plan.later = batch[(index + 1)...].map(\.0.id)
                    break
                }
            }
        }
        return plan
    }

    /// The separations that a track would break if it came next, for one that somebody asked for.
    ///
    /// - history: what has played or is decided, oldest first, without `current`
    public func relaxations(
        for facts: TrackFacts, history: [PlayedTrack], current: TrackFacts?, candidatesCount: Int
    ) -> [Relaxation] {
        var plays = PlayRecord(candidates: [], history: history.suffix(CoreLimits.programmeHistoryMax))
        if let current { plays.append(trackID: current.id, artist: current.artist) }
        return relaxations(for: facts, plays: plays, trackGap: rules.trackGap(candidates: candidatesCount))
    }

    /// A track whose length nobody knows. **Units:** s.
    private static let guessedSeconds = 240.0

    /// The picks of `plan` alone.
    public func upcoming(
        candidates: [TrackFacts], history: [PlayedTrack], current: TrackFacts?, seed: UInt64, count: Int = 8
    ) -> [ProgrammePick] {
        plan(candidates: candidates, history: history, current: current, seed: seed, count: count).picks
    }

    /// What may be planned over: everything that has waited too long, or else everything free, the longest waiting
    /// first, the never played in a drawn order, at most `programmePoolTracksMax`.
    private func drawPool(from plays: PlayRecord, gap: Int, seed: UInt64) -> [TrackFacts] {
        let count = plays.candidates.count
        var generator = SeededGenerator(seed: seed)
        let drawn = generator.shuffled(Array(plays.candidates.indices))
        let waits = plays.candidates.map { plays.playsSince($0.id) }
        // Ages are plays since; the never played are older than any record is long.
        let byAge = drawn.sorted { (waits[$0] ?? .max) > (waits[$1] ?? .max) }
        let free = byAge.filter { (waits[$0] ?? .max) >= gap }
        let overdueAge = count + count / 2
        let overdue = free.filter { (waits[$0] ?? plays.count) > overdueAge }
        let isAnyPlayed = waits.contains { $0 != nil }
        let chosen = overdue.isEmpty || !isAnyPlayed ? free : overdue
        // A gap that holds always leaves one free (it is below the number of candidates).
        let usable = chosen.isEmpty ? Array(byAge.prefix(1)) : chosen
        return usable.prefix(CoreLimits.programmePoolTracksMax).map { plays.candidates[$0] }
    }

    /// The pool as a tour from `here`, artists kept apart from each other and from what played.
    private func order(
        _ pool: [TrackFacts], after here: TrackFacts?, plays: PlayRecord, planned: [String], day: DayCourse?,
        seed: UInt64
    ) -> [(TrackFacts, TourLeg?)] {
        // The start stands first even if it is itself in the pool (one track alone plays again and again).
        var tracks = pool
        var day = day
        if let here {
            tracks.insert(here, at: 0)
            day?.startHour -= (here.duration ?? Programme.guessedSeconds) / 3600
        }
        let lately = plays.recentArtists(rules.artistGap, beforeCurrent: here != nil)
        let table = TourTable(tracks: tracks, recentArtists: lately, cost: cost)
        let wanted = day.map { table.wantedEnergies(of: $0) }
        let numbers = Dictionary(tracks.indices.map { (tracks[$0].id, $0) }, uniquingKeysWith: { $1 })
        let known = planned.compactMap { numbers[$0] }
        let solved = TourTask(
            table: table, first: here == nil ? nil : 0, artistGap: rules.artistGap,
            shape: wanted.map { table.shape($0) },
            previous: known.count > tracks.count / 2 ? known : nil, seed: seed, seconds: tourSeconds
        ).solve(clock: { 0 })
        return solved.order.enumerated().compactMap { place, track in
            if place == 0 { return here == nil ? (tracks[track], nil) : nil }
            return (tracks[track], table.leg(solved.order[place - 1], track, wantedEnergy: wanted?[place]))
        }
    }

    private func relaxations(for facts: TrackFacts, plays: PlayRecord, trackGap: Int) -> [Relaxation] {
        var relaxed: [Relaxation] = []
        if let since = plays.playsSince(facts.id), since < trackGap {
            relaxed.append(Relaxation(rule: .track, wanted: trackGap, held: since))
        }
        if let artist = facts.artist, let since = plays.playsSince(artist: artist), since < rules.artistGap {
            relaxed.append(Relaxation(rule: .artist, wanted: rules.artistGap, held: since))
        }
        return relaxed
    }
}

/// What has played, counted back from now, with the picks made so far.
struct PlayRecord {
    /// Each id once.
    let candidates: [TrackFacts]
    private(set) var count = 0
    private var lastPlay: [String: Int] = [:]
    private var lastPlayOfArtist: [String: Int] = [:]
    private var artists: [String?] = []

    init(candidates: [TrackFacts], history: some Sequence<PlayedTrack>) {
        var seen = Set<String>()
        self.candidates = candidates.filter { seen.insert($0.id).inserted }
        for play in history { append(trackID: play.trackID, artist: play.artist) }
    }

    mutating func append(trackID: String, artist: String?) {
        lastPlay[trackID] = count
        let name = PlayRecord.plain(artist)
        if let name { lastPlayOfArtist[name] = count }
        artists.append(name)
        count += 1
    }

    /// Other plays since the track's last; nil where it has not played.
    func playsSince(_ trackID: String) -> Int? { lastPlay[trackID].map { count - 1 - $0 } }

    func playsSince(artist: String) -> Int? {
        PlayRecord.plain(artist).flatMap { lastPlayOfArtist[$0] }.map { count - 1 - $0 }
    }

    /// The artists of the last `gap` plays, the latest last; `beforeCurrent` leaves the very last out.
    func recentArtists(_ gap: Int, beforeCurrent: Bool) -> [String?] {
        Array(artists.dropLast(beforeCurrent ? 1 : 0).suffix(max(0, gap)))
    }

    private static func plain(_ artist: String?) -> String? {
        guard let artist else { return nil }
        let name = artist.lowercased()
        return name.isEmpty ? nil : name
    }
}
