/// A track at a glance: how loud bass, middle and treble are, ten columns a second.
public struct WaveformOverview: Codable, Hashable, Sendable {
    /// Columns a second, the first from 0 s on.
    public static let columnsPerSecond = 10.0
    /// Between the three bands. **Units:** Hz.
    public static let bandEdges = [200.0, 2_500.0]

    /// Three bytes a column, low band first: the square root of the band's amplitude, 255 for a sine of full scale.
    public var packed: PackedBytes

    public init(packed: PackedBytes = PackedBytes()) { self.packed = packed }

    public var columnCount: Int { packed.bytes.count / 3 }

    /// 0 ... 1 of band 0 (low), 1 or 2, the square root of an amplitude: quiet passages stay visible.
    public subscript(column: Int, band: Int) -> Double { Double(packed.bytes[column * 3 + band]) / 255 }
}
