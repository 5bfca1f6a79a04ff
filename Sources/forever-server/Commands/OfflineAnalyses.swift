import Dispatch
import Foundation
import ForeverCore
import ForeverMix
import Synchronization

/// Analyses of many tracks at once, on all cores, for the commands that work offline.
struct OfflineAnalyses {
    /// By track id.
    private(set) var byID: [String: TrackAnalysis] = [:]
    /// Why tracks are missing, in words, in the order of the tracks.
    private(set) var problems: [String] = []

    init(of items: [Collection.Item], analyst: Analyst, progress: ProgressLine) {
        let results = Mutex<[Int: Result<TrackAnalysis, any Error>]>([:])
        DispatchQueue.concurrentPerform(iterations: items.count) { index in
            let result = Result {
                try analyst.analysis(of: items[index].track, contentKey: items[index].contentKey)
            }
            let done = results.withLock { results in
                results[index] = result
                return results.count
            }
            progress.show("analysing: \(done)/\(items.count)")
        }
        progress.clear()
        results.withLock { results in
            for (index, item) in items.enumerated() {
                switch results[index] {
                case .success(let analysis)?: byID[item.track.id] = analysis
                case .failure(let error)?: problems.append(Program.passedOver(item.track.spokenOrigin, error))
                case nil: break
                }
            }
        }
    }
}

extension Track {
    /// Where the track is, for a message.
    var spokenOrigin: String {
        switch origin {
        case .file(let path): path
        case .demo(let id): id
        case .soundCloud(let urn): "\(urn)"
        }
    }

    /// Where the track's file is, from the root; nil for a track that is no file.
    var absolutePath: String? {
        guard case .file(let path) = origin else { return nil }
        return URL(fileURLWithPath: path).standardizedFileURL.path
    }
}
