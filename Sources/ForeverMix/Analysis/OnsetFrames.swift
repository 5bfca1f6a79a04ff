/// What the beat stages know of the sound: a few numbers every 10 ms.
///
/// **Shape:** all arrays have one length; index `k` is the frame centred at `k` hundredths of a second.
package struct OnsetFrames: Sendable {
    /// Rise of the log-compressed spectrum below 150 Hz, from 150 Hz to 2 kHz, above 2 kHz.
    package var low: [Float] = []
    package var middle: [Float] = []
    package var high: [Float] = []
    /// Rise of the uncompressed spectrum: loud drums weigh what they weigh.
    package var linear: [Float] = []
    /// Magnitude below 150 Hz, and of all. **Units:** linear, summed over bands.
    package var lowLevel: [Float] = []
    package var level: [Float] = []
    /// The steepest rise of the 2 ms envelope inside `[k, k + 1)` hundredths, and where. **Units:** linear; s from the
    /// start of the hop.
    package var attack: [Float] = []
    package var attackOffset: [UInt8] = []

    package var count: Int { low.count }

    /// Seconds that one step of `attackOffset` is.
    package static let attackStepSeconds = 0.0005
}
