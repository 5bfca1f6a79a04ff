import ForeverCore
import ForeverMix
import Synchronization

/// Everything the station may play. **Thread:** any; every call takes one short lock.
package final class Crate: Sendable {
    /// Tracks held in memory at most; the scan stops there with a word to the operator.
    package static let tracksMax = 200_000

    private struct State {
        var tracks: [String: CrateTrack] = [:]
        /// Ids in the order in which they came, so that nothing depends on a dictionary's order.
        var order: [String] = []
        /// Ids that are played only while nothing else can be.
        var standIns: Set<String> = []
        /// Kept up to date with every change: the mixer asks for them before every frame.
        var ownTally = Tally()
        var standInTally = Tally()

        /// Adds `sign` times the track to the tally that counts it.
        mutating func count(_ entry: CrateTrack, sign: Int) {
            if standIns.contains(entry.track.id) {
                standInTally.add(entry.knowledge, sign: sign)
            } else {
                ownTally.add(entry.knowledge, sign: sign)
            }
        }

        /// The library's own tracks, or the stand-ins while there is nothing else.
        var tally: Tally { ownTally.known > 0 ? ownTally : standInTally }
    }

    /// How many tracks there are, by what is known of them.
    private struct Tally {
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

    private let state = Mutex(State())

    package init() {}

    /// Adds a track, or replaces what is known of it. False when the crate is full.
    @discardableResult
    package func put(_ entry: CrateTrack, standIn: Bool = false) -> Bool {
        state.withLock { state in
            let id = entry.track.id
            if let former = state.tracks[id] {
                state.count(former, sign: -1)
            } else {
                guard state.order.count < Crate.tracksMax else { return false }
                state.order.append(id)
            }
            if standIn { state.standIns.insert(id) }
            state.tracks[id] = entry
            state.count(entry, sign: 1)
            return true
        }
    }

    /// Records what has become known of a track; nothing happens when it is not in the crate.
    package func learn(_ id: String, _ knowledge: CrateTrack.Knowledge) {
        state.withLock { state in
            guard var entry = state.tracks[id] else { return }
            state.count(entry, sign: -1)
            entry.knowledge = knowledge
            state.tracks[id] = entry
            state.count(entry, sign: 1)
        }
    }

    package subscript(id: String) -> CrateTrack? {
        state.withLock { $0.tracks[id] }
    }

    /// The tracks that can be decided upon now: the analysed ones, stand-ins only while there is nothing else.
    package func candidates() -> [(facts: TrackFacts, summary: TrackAnalysis)] {
        state.withLock { state in
            var own: [(facts: TrackFacts, summary: TrackAnalysis)] = []
            var standIns: [(facts: TrackFacts, summary: TrackAnalysis)] = []
            for id in state.order {
                guard case .analysed(let facts, let summary)? = state.tracks[id]?.knowledge else { continue }
                if state.standIns.contains(id) {
                    standIns.append((facts, summary))
                } else {
                    own.append((facts, summary))
                }
            }
            return own.isEmpty ? standIns : own
        }
    }

    /// Analysed tracks that `candidates` would give, without that one.
    package func choiceCount(besides id: String?) -> Int {
        state.withLock { state in
            let analysed = state.tally.analysed
            guard let id, case .analysed? = state.tracks[id]?.knowledge else { return analysed }
            // A stand-in is not among the choices once there are own tracks.
            let isCounted = !state.standIns.contains(id) || state.ownTally.known == 0
            return isCounted ? analysed - 1 : analysed
        }
    }

    /// Counts of the library's tracks, or of the stand-ins while there is nothing else.
    package func counts() -> (known: Int, analysed: Int, unplayable: Int) {
        state.withLock { ($0.tally.known, $0.tally.analysed, $0.tally.unplayable) }
    }

    /// Ids not analysed yet, in order, at most `limit`.
    package func unknown(limit: Int) -> [String] {
        state.withLock { state in
            var ids: [String] = []
            for id in state.order where ids.count < limit {
                if case .unknown? = state.tracks[id]?.knowledge { ids.append(id) }
            }
            return ids
        }
    }

    /// True when nothing but stand-ins is here.
    package var hasOnlyStandIns: Bool {
        state.withLock { $0.ownTally.known == 0 }
    }

    /// Ids of own tracks, or of stand-ins, that are not known to be unplayable, at most `limit`.
    package func playable(limit: Int, standIns: Bool) -> [String] {
        state.withLock { state in
            var ids: [String] = []
            for id in state.order where ids.count < limit && state.standIns.contains(id) == standIns {
                if case .unplayable? = state.tracks[id]?.knowledge { continue }
                ids.append(id)
            }
            return ids
        }
    }
}
