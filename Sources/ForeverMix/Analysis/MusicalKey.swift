/// A key: tonic pitch class and mode.
public struct MusicalKey: Codable, Hashable, Sendable, CustomStringConvertible {
    public enum Mode: String, Codable, Sendable { case major, minor }

    /// One of C, C#, D, Eb, E, F, F#, G, Ab, A, Bb, B.
    public var tonic: String
    public var mode: Mode

    /// Tonic names by pitch class, C = 0.
    public static let tonicNames = ["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"]

    /// `pitchClass` is taken modulo 12, C = 0.
    public init(pitchClass: Int, mode: Mode) {
        tonic = MusicalKey.tonicNames[((pitchClass % 12) + 12) % 12]
        self.mode = mode
    }

    /// 0 (C) ... 11 (B).
    public var pitchClass: Int { MusicalKey.tonicNames.firstIndex(of: tonic) ?? 0 }

    public var description: String { "\(tonic) \(mode.rawValue)" }
}
