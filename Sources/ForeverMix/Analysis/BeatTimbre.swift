/// The colour of the sound in each beat: twelve cepstral coefficients (Davis & Mermelstein, IEEE ASSP 1980) of 24 bands.
///
/// The first coefficient is the level, the second the balance of low and high, the others finer and finer shape.
/// Beats that sound alike lie close; where two tracks' rows of beats lie closest, their patterns can be laid together.
public struct BeatTimbre: Codable, Hashable, Sendable {
    /// Coefficients of a beat.
    public static let size = 12
    /// What one stored step is worth. **Units:** dB.
    public static let stepDecibels: Float = 0.5

    /// Beat after beat, `size` signed bytes each.
    public var packed: PackedBytes
    /// Mean and standard deviation of each coefficient over the track: how it sounds as a whole. Empty without sound.
    public var mean: [Float]
    public var deviation: [Float]

    public init(packed: PackedBytes = PackedBytes(), mean: [Float] = [], deviation: [Float] = []) {
        self.packed = packed
        self.mean = mean
        self.deviation = deviation
    }

    /// Beats described: as many as the analysis has, or none.
    public var count: Int { packed.bytes.count / BeatTimbre.size }

    /// One coefficient of one beat. **Units:** dB.
    public subscript(beat: Int, coefficient: Int) -> Float {
        Float(Int8(bitPattern: packed.bytes[beat * BeatTimbre.size + coefficient])) * BeatTimbre.stepDecibels
    }

    /// How differently a beat of this and a beat of another track sound, their levels left out. **Units:** dB.
    public func distance(_ beat: Int, to other: BeatTimbre, _ otherBeat: Int) -> Float {
        var sum: Float = 0
        for k in 1..<BeatTimbre.size {
            let difference = self[beat, k] - other[otherBeat, k]
            sum += difference * difference
        }
        return (sum / Float(BeatTimbre.size - 1)).squareRoot()
    }
}
