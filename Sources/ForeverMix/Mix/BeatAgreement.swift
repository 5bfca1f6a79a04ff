/// How well two tracks' attacks fall together on common beats, each beat heard as the middle one of the nine around it.
/// **Units:** ms.
public struct BeatAgreement: Codable, Hashable, Sendable {
    /// Beats on which both tracks have a clear attack.
    public var count: Int
    public var medianMilliseconds: Double
    public var p95Milliseconds: Double
    public var maxMilliseconds: Double
    /// Standard deviation.
    public var jitterMilliseconds: Double

    /// The fewest beats that tell anything.
    static let countMin = 3
    /// How far from its beat an attack is looked for.
    static let reachMilliseconds = 40
    /// The least rise of an attack, as a share of the track's strong ones.
    static let riseShareMin: Float = 0.25

    /// Beats on each side that a beat is heard with.
    static let besideBeats = 4
    /// The least rise of an attack, against the strongest near the same beat: a clap has several.
    static let besideShareMin: Float = 0.4

    /// From distances with their sign; nil for fewer than `countMin`.
    init?(_ deviations: [Double]) {
        guard deviations.count >= BeatAgreement.countMin else { return nil }
        let sizes = deviations.map(abs).sorted()
        let mean = deviations.reduce(0, +) / Double(deviations.count)
        let variance = deviations.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(deviations.count)
        func tenths(_ value: Double) -> Double { (value * 10).rounded() / 10 }
        count = deviations.count
        medianMilliseconds = tenths(sizes[sizes.count / 2])
        p95Milliseconds = tenths(sizes[Int((0.95 * Double(sizes.count - 1)).rounded(.up))])
        maxMilliseconds = tenths(sizes[sizes.count - 1])
        jitterMilliseconds = tenths(variance.squareRoot())
    }

    /// From both tracks' levels, one value a millisecond, the beats' places in them, and how long after a beat each track's
    /// attacks are steepest.
    init?(outgoing: [Float], incoming: [Float], beatMilliseconds: [Double], delays: AttackDelays) {
        let late = (out: delays.outgoing * 1000, into: delays.incoming * 1000)
        let (out, into) = (BeatAgreement.rises(outgoing), BeatAgreement.rises(incoming))
        let (leastOut, leastIn) = (
            BeatAgreement.strong(out) * BeatAgreement.riseShareMin,
            BeatAgreement.strong(into) * BeatAgreement.riseShareMin
        )
        let deviations = beatMilliseconds.compactMap { beat -> Double? in
            guard let a = BeatAgreement.attack(out, near: beat + late.out, least: leastOut),
                let b = BeatAgreement.attack(into, near: beat + late.into, least: leastIn)
            else { return nil }
            return (b - late.into) - (a - late.out)
        }
        self.init(BeatAgreement.smoothed(deviations))
    }

    /// Each with the beats around it, the middle one of them: an instrument may come late to a beat, the track does not.
    private static func smoothed(_ deviations: [Double]) -> [Double] {
        deviations.indices.map { at in
            let around = deviations[max(0, at - besideBeats)...min(deviations.count - 1, at + besideBeats)].sorted()
            return around[around.count / 2]
        }
    }

    /// How much the level rises into each millisecond, over three of them.
    private static func rises(_ level: [Float]) -> [Float] {
        guard level.count > 4 else { return [] }
        var rises = [Float](repeating: 0, count: level.count)
        for i in 2..<level.count - 1 {
            rises[i] = max(0, (level[i + 1] + level[i] - level[i - 1] - level[i - 2]) / 2)
        }
        return rises
    }

    private static func strong(_ rises: [Float]) -> Float {
        let sorted = rises.sorted()
        return sorted.isEmpty ? 0 : sorted[Int(0.995 * Double(sorted.count - 1))]
    }

    /// The attack nearest to `beat` of those that are not much weaker than the strongest near it.
    private static func attack(_ rises: [Float], near beat: Double, least: Float) -> Double? {
        let middle = Int(beat.rounded())
        guard middle - reachMilliseconds > 0, middle + reachMilliseconds < rises.count - 1 else { return nil }
        let window = middle - reachMilliseconds...middle + reachMilliseconds
        let strongest = rises[window].max() ?? 0
        guard strongest >= least, strongest > 0 else { return nil }
        let peaks = window.filter { i in
            rises[i] >= strongest * besideShareMin && rises[i] >= rises[i - 1] && rises[i] > rises[i + 1]
        }
        guard let best = peaks.min(by: { abs(Double($0) - beat) < abs(Double($1) - beat) }) else { return nil }
        let (a, b, c) = (rises[best - 1], rises[best], rises[best + 1])
        let bend = a - 2 * b + c
        return Double(best) + (bend < 0 ? Double(min(1, max(-1, 0.5 * (a - c) / bend))) : 0)
    }
}
