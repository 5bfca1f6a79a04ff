/// The first four bytes of an MPEG audio layer III frame (ISO 11172-3 2.4.1.3, ISO 13818-3).
public struct MP3FrameHeader: Hashable, Sendable {
    public var bitrateKbps: Int
    public var sampleRateHz: Int
    public var frameBytes: Int
    public var isMono: Bool
    /// 1 for MPEG-1, 2 for MPEG-2, 3 for MPEG-2.5
    public var version: Int

    private static let bitrates1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
    private static let bitrates2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]
    private static let rates = [44_100, 48_000, 32_000]

    /// Nil when the bytes are no layer III header, or one of "free" bit rate.
    public init?(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8) {
        guard a == 0xFF, b & 0xE0 == 0xE0 else { return nil }
        let versionBits = Int(b >> 3) & 3
        guard versionBits != 1, (b >> 1) & 3 == 1 else { return nil }  // 1 is reserved; layer III is 1
        let rateIndex = Int(c >> 4)
        let frequencyIndex = Int(c >> 2) & 3
        // Emphasis 2 is reserved.
        guard (1...14).contains(rateIndex), frequencyIndex < 3, d & 3 != 2 else { return nil }
        version = versionBits == 3 ? 1 : versionBits == 2 ? 2 : 3
        bitrateKbps = version == 1 ? Self.bitrates1[rateIndex] : Self.bitrates2[rateIndex]
        sampleRateHz = Self.rates[frequencyIndex] >> (version - 1)
        let slots = (version == 1 ? 144_000 : 72_000) * bitrateKbps / sampleRateHz
        frameBytes = slots + Int(c >> 1) & 1
        isMono = d >> 6 == 3
    }

    /// Whether both can stand in one stream: a stream keeps its version, sampling rate and bit rate.
    public func continues(_ other: MP3FrameHeader) -> Bool {
        version == other.version && sampleRateHz == other.sampleRateHz && bitrateKbps == other.bitrateKbps
            && isMono == other.isMono
    }
}
