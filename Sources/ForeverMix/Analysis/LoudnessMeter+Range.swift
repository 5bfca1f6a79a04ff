import Foundation

extension LoudnessMeter {
    /// Energy of every 3 s, one each `stepSeconds`, beginning with the first whole one.
    private func shortTermEnergies() -> [Double] {
        let window = 30
        guard stepEnergies.count >= window else { return [] }
        var sum = 0.0
        var result: [Double] = []
        result.reserveCapacity(stepEnergies.count - window + 1)
        for (at, energy) in stepEnergies.enumerated() {
            sum += Double(energy)
            if at >= window { sum -= Double(stepEnergies[at - window]) }
            if at >= window - 1 { result.append(max(0, sum) / Double(window)) }
        }
        return result
    }

    /// Loudness range: between the 10th and the 95th percentile of 3 s loudnesses, gated at -70 LUFS and 20 LU below
    /// what is left (EBU Tech 3342). 0 for less than 3 s. **Units:** LU.
    package var range: Double {
        let loud = shortTermEnergies().filter { LoudnessMeter.lufs($0) > LoudnessMeter.silence }
        guard !loud.isEmpty else { return 0 }
        let gate = LoudnessMeter.lufs(loud.reduce(0, +) / Double(loud.count)) - 20
        let kept = loud.map { LoudnessMeter.lufs($0) }.filter { $0 >= gate }.sorted()
        guard !kept.isEmpty else { return 0 }
        func percentile(_ share: Double) -> Double { kept[Int((Double(kept.count - 1) * share).rounded())] }
        return percentile(0.95) - percentile(0.10)
    }

    /// Short-term loudness every `TrackAnalysis.shortTermCurveHop`, of the 3 s that end there. **Units:** LUFS.
    package func shortTermCurve(frameCount: Int64) -> [Float] {
        let points = Int(AudioFormat.seconds(frameCount) / TrackAnalysis.shortTermCurveHop) + 1
        let stepsPerPoint = Int((TrackAnalysis.shortTermCurveHop * 10).rounded())
        return (0..<points).map { point in
            let until = min(stepEnergies.count, point * stepsPerPoint)
            var sum = 0.0
            for step in max(0, until - 30)..<max(0, until) { sum += Double(stepEnergies[step]) }
            let loudness = max(LoudnessMeter.silence, LoudnessMeter.lufs(sum / 30))
            return Float((loudness * 100).rounded() / 100)
        }
    }
}
