import ForeverCore
import ForeverMix
import Synchronization

/// Everything the station may play, or a drawn part of it where the library is large. **Thread:** any; every call takes
/// one short lock.
package final class Crate: Sendable {
    /// Tracks held in memory at most, about 10 MB; of a larger library a part is drawn, and others take the place of
    /// those that have played.
    package static let heldMax = 8_000

    private let state: Mutex<CrateState>
    private let expected = Atomic<Int>(0)
    private let heldMax: Int

    package init(rules: AdmissionRules = AdmissionRules(), heldMax: Int = Crate.heldMax) {
        state = Mutex(CrateState(rules: rules))
        self.heldMax = heldMax
    }

    /// Adds a track, or replaces what is known of it. False when the crate is full.
    ///
    /// - isAskedFor: somebody wants this one: it comes in even so
    @discardableResult
    package func put(_ entry: CrateTrack, standIn: Bool = false, isAskedFor: Bool = false) -> Bool {
        state.withLock { state in
            if state.tracks[entry.track.id] == nil, state.tracks.count >= heldMax, !isAskedFor { return false }
            if standIn { state.standIns.insert(entry.track.id) }
            state.put(entry)
            return true
        }
    }

    /// Takes tracks out. One that is on the timeline plays on: whoever plays it holds it.
    package func remove(_ ids: Set<String>) { state.withLock { $0.remove(ids) } }

    /// Judges every track anew.
    package func apply(_ rules: AdmissionRules) { state.withLock { $0.apply(rules) } }

    /// Records what has become known of a track; nothing happens when it is not in the crate.
    package func learn(_ id: String, _ knowledge: CrateTrack.Knowledge) {
        state.withLock { state in
            guard var entry = state.tracks[id] else { return }
            entry.knowledge = knowledge
            state.put(entry)
        }
    }

    /// The same with all that is known of the track now; where it lies stays as it is.
    package func learn(_ known: CrateTrack) {
        state.withLock { state in
            guard var entry = state.tracks[known.track.id] else { return }
            entry.knowledge = known.knowledge
            entry.sameSoundAs = known.sameSoundAs
            state.put(entry)
        }
    }

    package subscript(id: String) -> CrateTrack? { state.withLock { $0.tracks[id] } }

    /// Why a track is not let in; nil where nothing speaks against it, or it is not here.
    package func objection(to id: String) -> Objection? { state.withLock { $0.objections[id] } }

    /// How many are here and not let in.
    package var refusedCount: Int { state.withLock { $0.objections.count } }

    /// How many are here besides the stand-ins, let in or not.
    package var ownCount: Int { state.withLock { $0.tracks.count - $0.standIns.count } }

    package var isFull: Bool { state.withLock { $0.tracks.count >= heldMax } }

    /// The tracks that can be decided upon now: the analysed ones, stand-ins only while there is nothing else.
    package func candidates() -> [(facts: TrackFacts, profile: TransitionProfile)] {
        state.withLock { state in
            var own: [(facts: TrackFacts, profile: TransitionProfile)] = []
            var standIns: [(facts: TrackFacts, profile: TransitionProfile)] = []
            for id in state.order where state.objections[id] == nil {
                guard case .analysed(let facts, let profile)? = state.tracks[id]?.knowledge else { continue }
                if state.standIns.contains(id) {
                    standIns.append((facts, profile))
                } else {
                    own.append((facts, profile))
                }
            }
            return own.isEmpty ? standIns : own
        }
    }

    /// Analysed tracks, let in or not, of which `isWanted` says so.
    package func analysed(_ isWanted: (TrackFacts) -> Bool) -> [CrateTrack] {
        state.withLock { state in
            state.order.compactMap { id in
                guard let entry = state.tracks[id], case .analysed(let facts, _) = entry.knowledge, isWanted(facts)
                else { return nil }
                return entry
            }
        }
    }

    /// Analysed tracks that `candidates` would give, without that one.
    package func choiceCount(besides id: String?) -> Int {
        state.withLock { state in
            let analysed = state.tally.analysed
            guard let id, case .analysed? = state.tracks[id]?.knowledge, state.objections[id] == nil else {
                return analysed
            }
            // A stand-in is not among the choices once there are own tracks.
            let isCounted = !state.standIns.contains(id) || state.ownTally.known == 0
            return isCounted ? analysed - 1 : analysed
        }
    }

    /// Counts of the library's tracks that are let in, or of the stand-ins while there is nothing else.
    package func counts() -> (known: Int, analysed: Int, unplayable: Int) {
        state.withLock { ($0.tally.known, $0.tally.analysed, $0.tally.unplayable) }
    }

    /// Ids not analysed yet, in order, at most `limit`.
    package func unknown(limit: Int) -> [String] {
        state.withLock { state in
            var ids: [String] = []
            for id in state.order where ids.count < limit && state.objections[id] == nil {
                if case .unknown? = state.tracks[id]?.knowledge { ids.append(id) }
            }
            return ids
        }
    }

    /// True when nothing but stand-ins is here.
    package var hasOnlyStandIns: Bool { state.withLock { $0.ownTally.known == 0 } }

    /// Ids of own tracks, or of stand-ins, that are let in and not known to be unplayable, at most `limit`.
    ///
    /// - evenRefused: those too that are not let in, except what is never to be played
    package func playable(limit: Int, standIns: Bool, evenRefused: Bool = false) -> [String] {
        state.withLock { state in
            var ids: [String] = []
            for id in state.order where ids.count < limit && state.standIns.contains(id) == standIns {
                if let objection = state.objections[id], !evenRefused || objection == .never { continue }
                if case .unplayable? = state.tracks[id]?.knowledge { continue }
                ids.append(id)
            }
            return ids
        }
    }

    /// The tracks of those contents, by the names under which they are put right, that are here.
    package func entries(withContents contents: Set<String>) -> [CrateTrack] {
        state.withLock { state in
            contents.isEmpty
                ? [] : state.tracks.values.filter { contents.contains(Corrections.name(ofContent: $0.contentKey)) }
        }
    }

    /// Tracks whose id is `text`, or whose artist, title or path contains it, at most `limit`.
    package func find(_ text: String, limit: Int) -> [CrateTrack] {
        state.withLock { state in
            if let exact = state.tracks[text] { return [exact] }
            let wanted = text.lowercased()
            var found: [CrateTrack] = []
            for id in state.order where found.count < limit {
                guard let entry = state.tracks[id] else { continue }
                let spoken = [entry.track.artist, entry.track.title, entry.track.spokenOrigin].joined(separator: " ")
                if spoken.lowercased().contains(wanted) { found.append(entry) }
            }
            return found
        }
    }

    /// So many tracks are on their way: a choice of few may wait for them.
    package func expect(_ count: Int) { expected.store(count, ordering: .relaxed) }

    /// Tracks that may come to be chosen from: known and not analysed, or still on their way.
    package var waitingCount: Int {
        let counts = counts()
        return counts.known - counts.analysed - counts.unplayable + expected.load(ordering: .relaxed)
    }
}
