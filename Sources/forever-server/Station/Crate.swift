import ForeverCore
import ForeverMix
import Synchronization

/// Everything the station may play. **Thread:** any; every call takes one short lock.
package final class Crate: Sendable {
    /// Tracks held in memory at most; the scan stops there with a word to the operator.
    package static let tracksMax = 200_000

    fileprivate struct State {
        var tracks: [String: CrateTrack] = [:]
        /// Ids in the order in which they came, so that nothing depends on a dictionary's order.
        var order: [String] = []
        /// Ids that are played only while nothing else can be.
        var standIns: Set<String> = []
    }

    fileprivate let state = Mutex(State())

    package init() {}

    /// Adds a track, or replaces what is known of it. False when the crate is full.
    @discardableResult
    package func put(_ entry: CrateTrack, standIn: Bool = false) -> Bool {
        state.withLock { state in
            let id = entry.track.id
            if state.tracks[id] == nil {
                guard state.order.count < Crate.tracksMax else { return false }
                state.order.append(id)
            }
            state.tracks[id] = entry
            if standIn { state.standIns.insert(id) }
            return true
        }
    }

    /// Records what has become known of a track; nothing happens when it is not in the crate.
    package func learn(_ id: String, _ knowledge: CrateTrack.Knowledge) {
        state.withLock { $0.tracks[id]?.knowledge = knowledge }
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
            var own = 0
            var standIns = 0
            for (other, entry) in state.tracks {
                guard case .analysed = entry.knowledge else { continue }
                let counts = other == id ? 0 : 1
                if state.standIns.contains(other) { standIns += counts } else { own += counts }
            }
            return own > 0 || state.tracks.count > state.standIns.count ? own : standIns
        }
    }

    /// Counts of the library's tracks, or of the stand-ins while there is nothing else.
    package func counts() -> (known: Int, analysed: Int, unplayable: Int) {
        state.withLock { state in
            var analysed = 0
            var unplayable = 0
            let hasOwn = state.tracks.count > state.standIns.count
            var known = 0
            for (id, entry) in state.tracks {
                if hasOwn, state.standIns.contains(id) { continue }
                known += 1
                switch entry.knowledge {
                case .unknown: break
                case .analysed: analysed += 1
                case .unplayable: unplayable += 1
                }
            }
            return (known, analysed, unplayable)
        }
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
        state.withLock { $0.order.allSatisfy($0.standIns.contains) }
    }
}

extension Crate {
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
