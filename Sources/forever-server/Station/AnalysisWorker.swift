import ForeverCore
import ForeverMix
import Foundation

/// Analyses what the crate holds, one track after the other: what the mixer waits for first, then the rest in an
/// order drawn from the seed. **Thread:** its own, at low priority.
struct AnalysisWorker: Sendable {
    let crate: Crate
    let analyst: Analyst
    let twins: SoundTwins
    let wanted: WantedAnalyses
    let seed: UInt64
    let say: @Sendable (String) -> Void

    /// How long to wait when there is nothing to do. **Units:** s.
    static let idleSeconds = 0.25
    /// Tracks whose order is drawn at once.
    static let drawMax = 256

    func run(isStopped: () -> Bool) {
        var drawn: [String] = []
        var generator = SeededGenerator(seed: seed)
        while !isStopped() {
            if let id = wanted.take() {
                analyse(id, isStopped)
            } else if let id = drawn.popLast() {
                if case .unknown? = crate[id]?.knowledge { analyse(id, isStopped) }
            } else {
                drawn = generator.shuffled(crate.unknown(limit: AnalysisWorker.drawMax))
                if drawn.isEmpty { Thread.sleep(forTimeInterval: AnalysisWorker.idleSeconds) }
            }
        }
    }

    private func analyse(_ id: String, _ isStopped: () -> Bool) {
        guard let entry = crate[id] else { return }
        do {
            let analysis = try withoutActuallyEscaping(isStopped) { isStopped in
                try analyst.analysis(of: entry.track, contentKey: entry.contentKey, isCancelled: isStopped)
            }
            var settled = twins.settle(entry, analysis)
            settled.knowledge = .init(entry.track, SoundSummary(analysis))
            crate.learn(settled)
        } catch is CancellationError {
            return
        } catch {
            crate.learn(id, .unplayable(reason: "\(error)"))
            say(Program.passedOver(entry.track.spokenOrigin, error))
        }
        wanted.done()
    }
}
