import ForeverTestKit

/// What ffmpeg hears in some MP3 bytes or an address.
struct DecodedSound {
    /// Everything that ffmpeg complained of; empty for a clean stream.
    let complaints: String
    let seconds: Double
    /// Root mean square of both channels' mean, 1 is full scale.
    let level: Double

    /// Decodes `input` (a file or an address) and stops at the first error.
    init(_ input: String, seconds wanted: Double? = nil) throws {
        let limit = wanted.map { ["-t", "\($0)"] } ?? []
        let decoded = try FinishedProgram(
            Programs.neededTool("ffmpeg"),
            ["-v", "error", "-nostdin", "-xerror", "-i", input] + limit + ["-f", "s16le", "-ac", "1", "-"],
            seconds: 40)
        complaints = decoded.errorText + (decoded.status == 0 ? "" : "exit status \(decoded.status)")
        let count = decoded.output.count / 2
        seconds = Double(count) / 48000
        var sum = 0.0
        for n in 0..<count {
            let bits = UInt16(decoded.output[2 * n]) | UInt16(decoded.output[2 * n + 1]) << 8
            let sample = Double(Int16(bitPattern: bits))
            sum += sample * sample
        }
        level = count == 0 ? 0 : (sum / Double(count)).squareRoot() / 32768
    }
}
