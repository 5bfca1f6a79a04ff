import ForeverCore
import ForeverMix

/// What is in the crate, who of it is let in, and how many. A value behind the crate's lock.
struct CrateState {
    private(set) var tracks: [String: CrateTrack] = [:]
    /// Ids in the order in which they came, so that nothing depends on a dictionary's order.
    private(set) var order: [String] = []
    /// Ids that are played only while nothing else can be.
    var standIns: Set<String> = []
    /// Those that are not let in, and why.
    private(set) var objections: [String: Objection] = [:]
    private var duplicates = DuplicateIndex()
    private var rules: AdmissionRules
    /// Kept up to date with every change: the mixer asks for them before every frame.
    private(set) var ownTally = Tally()
    private(set) var standInTally = Tally()

    init(rules: AdmissionRules) { self.rules = rules }

    /// How many tracks there are, by what is known of them.
    struct Tally {
        var known = 0
        var analysed = 0
        var unplayable = 0

        mutating func add(_ knowledge: CrateTrack.Knowledge, sign: Int) {
            known += sign
            switch knowledge {
            case .unknown: break
            case .analysed: analysed += sign
            case .unplayable: unplayable += sign
            }
        }
    }

    /// The library's own tracks, or the stand-ins while there is nothing else.
    var tally: Tally { ownTally.known > 0 ? ownTally : standInTally }

    mutating func put(_ entry: CrateTrack) {
        let id = entry.track.id
        let former = tracks[id]
        if former == nil { order.append(id) }
        let wasOriginal = former.map { leave($0) } ?? false
        tracks[id] = entry
        enter(entry)
        // What was the same as this one may not be any more.
        if wasOriginal { judgeDuplicates(of: [id]) }
    }

    mutating func remove(_ ids: Set<String>) {
        var originals: Set<String> = []
        for id in ids {
            guard let entry = tracks[id] else { continue }
            if leave(entry) { originals.insert(id) }
            tracks[id] = nil
            standIns.remove(id)
        }
        order.removeAll { tracks[$0] == nil }
        judgeDuplicates(of: originals)
    }

    mutating func apply(_ rules: AdmissionRules) {
        self.rules = rules
        for id in order { if let entry = tracks[id] { _ = leave(entry) } }
        for id in order { if let entry = tracks[id] { enter(entry) } }
    }

    /// Takes the track out of the counts. **Returns** whether others may have been refused for its sake.
    private mutating func leave(_ entry: CrateTrack) -> Bool {
        let id = entry.track.id
        if objections.removeValue(forKey: id) != nil { return false }
        count(entry, sign: -1)
        duplicates.remove(entry.track)
        return true
    }

    /// Judges the track and counts it if it is let in.
    private mutating func enter(_ entry: CrateTrack) {
        if let objection = judge(entry) {
            objections[entry.track.id] = objection
            return
        }
        count(entry, sign: 1)
        // One that cannot be played keeps nobody out.
        if case .unplayable = entry.knowledge { return }
        duplicates.insert(entry.track, seconds: entry.knownSeconds)
    }

    private mutating func judgeDuplicates(of originals: Set<String>) {
        guard !originals.isEmpty else { return }
        let refused = objections.compactMap { id, objection -> String? in
            guard case .duplicate(let original) = objection, originals.contains(original) else { return nil }
            return id
        }
        for id in order where refused.contains(id) {
            guard let entry = tracks[id] else { continue }
            objections[id] = nil
            enter(entry)
        }
    }

    private func judge(_ entry: CrateTrack) -> Objection? {
        if entry.isNever { return .never }
        if let objection = rules.objection(to: entry.track, seconds: entry.knownSeconds) { return objection }
        guard rules.refusesDuplicates, !standIns.contains(entry.track.id) else { return nil }
        if let other = entry.sameSoundAs, isIn(other) { return .duplicate(of: other) }
        return duplicates.original(of: entry.track, seconds: entry.knownSeconds).map { .duplicate(of: $0) }
    }

    /// Whether the track is here, let in, and can be played.
    private func isIn(_ id: String) -> Bool {
        guard let entry = tracks[id], objections[id] == nil else { return false }
        if case .unplayable = entry.knowledge { return false }
        return true
    }

    /// Adds `sign` times the track to the tally that counts it.
    private mutating func count(_ entry: CrateTrack, sign: Int) {
        if standIns.contains(entry.track.id) {
            standInTally.add(entry.knowledge, sign: sign)
        } else {
            ownTally.add(entry.knowledge, sign: sign)
        }
    }
}
