import Foundation

/// Finds a steady pulse in an onset strength: the most likely path through beat positions and tempi.
///
/// The bar-pointer model (Whiteley, Cemgil & Godsill, ISMIR 2006) in the state space of Krebs, Böck & Widmer (ISMIR
/// 2015): a beat of `i` frames has `i` positions, the position moves by one each frame, and the tempo may change only
/// where a beat begins. Each tempo's positions are a ring whose head moves, so a frame costs a few hundred additions,
/// not one for every state.
package struct BeatTracker: Sendable {
    /// How unwilling the tempo is to change.
    package var tempoChangeCost = 300.0
    /// A beat's first 1 / `observationParts` is where onsets are expected.
    package var observationParts = 16
    package var intervalMin: Int
    package var intervalMax: Int

    /// Beats between `fastest` and `slowest` beats a minute.
    package init(fastest: Double = AnalysisLimits.tempoMax, slowest: Double = AnalysisLimits.tempoMin) {
        intervalMin = max(4, Int((6_000 / fastest).rounded(.down)))
        intervalMax = max(intervalMin, Int((6_000 / slowest).rounded(.up)))
    }

    package struct Path: Sendable {
        /// Frames (hundredths of a second) at which beats begin.
        package var beats: [Int]
        /// Log likelihood a frame.
        package var likelihood: Double
    }

    /// **Cost:** about 0.1 ms a second of sound; one byte a frame and tempo while it runs.
    package func track(_ strength: [Float]) -> Path {
        var beats: [Int] = []
        var likelihood = 0.0
        var start = 0
        while start < strength.count {
            var end = min(strength.count, start + AnalysisLimits.trackerFramesMax)
            if strength.count - end < AnalysisLimits.trackerFramesMax / 4 { end = strength.count }
            let part = trackPart(strength[start..<end])
            // Where two parts meet, no two beats closer than the fastest.
            beats += part.beats.map { $0 + start }.filter { $0 - (beats.last ?? -intervalMax) >= intervalMin }
            likelihood += part.likelihood * Double(end - start)
            start = end
        }
        return Path(beats: beats, likelihood: likelihood / Double(max(1, strength.count)))
    }

    private func trackPart(_ strength: ArraySlice<Float>) -> Path {
        let frameCount = strength.count
        guard frameCount > intervalMax else { return Path(beats: [], likelihood: 0) }
        let tempi = intervalMax - intervalMin + 1
        var offsets = [Int](repeating: 0, count: tempi + 1)
        for t in 0..<tempi { offsets[t + 1] = offsets[t] + intervalMin + t }
        let transitions = makeTransitions(tempi)
        // Scores relative to `floor`, which takes what all states get alike.
        var scores = [Float](repeating: 0, count: offsets[tempi])
        // The ring index that holds position 0 of each tempo.
        var heads = [Int](repeating: 0, count: tempi)
        var backs = [UInt8](repeating: 0, count: frameCount * tempi)
        var floor = 0.0
        var ends = [Float](repeating: 0, count: tempi)

        scores.withUnsafeMutableBufferPointer { scores in
            heads.withUnsafeMutableBufferPointer { heads in
                backs.withUnsafeMutableBufferPointer { backs in
                    ends.withUnsafeMutableBufferPointer { ends in
                        for (frame, value) in strength.enumerated() {
                            let activation = min(0.95, max(0.03, value))
                            let onBeat = log(activation)
                            let offBeat = log((1 - activation) / Float(observationParts - 1))
                            var top = -Float.infinity
                            for t in 0..<tempi {
                                // The state about to wrap is the last position; stepping back makes it position 0.
                                let interval = intervalMin + t
                                heads[t] = heads[t] == 0 ? interval - 1 : heads[t] - 1
                                ends[t] = scores[offsets[t] + heads[t]]
                                top = max(top, ends[t])
                            }
                            for t in 0..<tempi {
                                let row = transitions[t]
                                var best = -Float.infinity
                                var bestFrom = row.first
                                row.costs.withUnsafeBufferPointer { costs in
                                    for k in 0..<costs.count {
                                        let score = ends[row.first + k] + costs[k]
                                        if score > best {
                                            best = score
                                            bestFrom = row.first + k
                                        }
                                    }
                                }
                                scores[offsets[t] + heads[t]] = best
                                backs[frame * tempi + t] = UInt8(bestFrom)
                            }
                            floor += Double(offBeat)
                            let gain = onBeat - offBeat
                            for t in 0..<tempi {
                                let interval = intervalMin + t
                                let reach = max(1, (interval + observationParts - 1) / observationParts)
                                var at = heads[t]
                                let base = offsets[t]
                                for _ in 0..<reach {
                                    scores[base + at] += gain
                                    at += 1
                                    if at == interval { at = 0 }
                                }
                            }
                            // Keep Float exact enough over hours.
                            if frame & 255 == 255 {
                                for k in 0..<scores.count { scores[k] -= top }
                                floor += Double(top)
                            }
                        }
                    }
                }
            }
        }

        // The best state at the end, and back from beat to beat.
        var best = -Float.infinity
        var tempo = 0
        var position = 0
        for t in 0..<tempi {
            let interval = intervalMin + t
            for p in 0..<interval {
                let score = scores[offsets[t] + (heads[t] + p) % interval]
                if score > best {
                    best = score
                    tempo = t
                    position = p
                }
            }
        }
        var beats: [Int] = []
        var frame = frameCount - 1 - position
        while frame >= 0 {
            beats.append(frame)
            tempo = Int(backs[frame * tempi + tempo])
            frame -= intervalMin + tempo
        }
        return Path(beats: beats.reversed(), likelihood: (Double(best) + floor) / Double(frameCount))
    }

    private struct Row {
        var first: Int
        var costs: [Float]
    }

    /// For each tempo, the tempi it may come from and the log probability.
    private func makeTransitions(_ tempi: Int) -> [Row] {
        var matrix = [[Double]](repeating: [Double](repeating: 0, count: tempi), count: tempi)
        for from in 0..<tempi {
            var sum = 0.0
            for to in 0..<tempi {
                let ratio = Double(intervalMin + to) / Double(intervalMin + from)
                let weight = exp(-tempoChangeCost * abs(ratio - 1))
                matrix[from][to] = weight
                sum += weight
            }
            for to in 0..<tempi { matrix[from][to] = matrix[from][to] / sum }
        }
        return (0..<tempi).map { to in
            let interval = Double(intervalMin + to)
            let from = max(0, Int((interval / 1.12).rounded(.down)) - intervalMin)
            let until = min(tempi - 1, Int((interval * 1.12).rounded(.up)) - intervalMin)
            return Row(first: from, costs: (from...max(from, until)).map { Float(log(max(1e-30, matrix[$0][to]))) })
        }
    }
}
