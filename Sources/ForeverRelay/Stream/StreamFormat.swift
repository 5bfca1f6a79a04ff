/// The number of a byte of the stream, counted from the epoch's first byte, which is 0.
///
/// An integer, so that bytes, frames, samples and time convert without rounding drift; `StreamFormat` converts.
public typealias StreamPosition = Int64

/// What one second of the stream is: constant bit rate MP3 at 48 kHz, where every frame is 24 ms and 3 bytes per kbit/s.
///
/// From this follow all conversions between positions, frames, mix samples and time, in exact integer arithmetic.
public struct StreamFormat: Hashable, Sendable {
    public static let sampleRateHz = 48_000
    public static let frameSamples: Int64 = 1_152
    /// What encoder and decoder together delay the sound by.
    public static let delaySamples: Int64 = 1_105
    public static let contentType = "audio/mpeg"
    /// The bit rates that MPEG-1 layer III has.
    public static let bitratesKbps = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]

    public let bitrateKbps: Int

    /// Nil when `bitrateKbps` is not one of the legal 14.
    public init?(bitrateKbps: Int) {
        guard Self.bitratesKbps.contains(bitrateKbps) else { return nil }
        self.bitrateKbps = bitrateKbps
    }

    /// The format with this byte rate, as `Forever-Byte-Rate` says it.
    public init?(byteRate: Int64) {
        guard byteRate > 0, byteRate % 125 == 0, byteRate <= 40_000 else { return nil }
        self.init(bitrateKbps: Int(byteRate / 125))
    }

    /// Bytes of one frame.
    public var frameBytes: Int64 { Int64(3 * bitrateKbps) }
    /// Bytes of one second.
    public var byteRate: Int64 { Int64(125 * bitrateKbps) }

    /// The start of the frame that holds `position`.
    public func frameFloor(_ position: StreamPosition) -> StreamPosition {
        position - Self.remainder(position, frameBytes)
    }

    /// The first frame start not before `position`.
    public func frameCeiling(_ position: StreamPosition) -> StreamPosition {
        frameFloor(position + frameBytes - 1)
    }

    /// Whole frames that last at least so many seconds, in bytes.
    public func bytes(seconds: Double) -> Int64 {
        frameCeiling(Int64((max(0, seconds) * Double(byteRate)).rounded(.up)))
    }

    /// Bytes that play in so many nanoseconds, rounded down. Exact for spans up to 7 years at 320 kbit/s.
    public func bytes(nanoseconds: Int64) -> Int64 {
        let seconds = Self.quotient(nanoseconds, 1_000_000_000)
        let rest = nanoseconds - seconds * 1_000_000_000
        return seconds * byteRate + rest * byteRate / 1_000_000_000
    }

    /// How long so many bytes play.
    public func seconds(bytes: Int64) -> Double { Double(bytes) / Double(byteRate) }

    /// The position at which mix sample `sample` sounds; negative for samples that sounded before the epoch.
    public func position(ofSample sample: Int64) -> StreamPosition {
        Self.quotient((sample + Self.delaySamples) * frameBytes, Self.frameSamples)
    }

    /// The first mix sample that sounds at `position` or after it.
    public func sample(at position: StreamPosition) -> Int64 {
        -Self.quotient(-position * Self.frameSamples, frameBytes) - Self.delaySamples
    }

    /// Division rounding down, also below zero.
    private static func quotient(_ a: Int64, _ b: Int64) -> Int64 { (a - remainder(a, b)) / b }

    private static func remainder(_ a: Int64, _ b: Int64) -> Int64 {
        let rest = a % b
        return rest < 0 ? rest + b : rest
    }
}
