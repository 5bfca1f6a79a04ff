import ForeverMix
import ForeverRelay

/// The options by which the operator says how the mix is to sound.
enum MixOptions {
    static let specifications = [
        OptionSpecification(
            "loudness", .number(-30 ... -9), placeholder: "LUFS", standard: "-16",
            help: "integrated loudness that every track is brought to"),
        OptionSpecification(
            "stretch-limit", .number(0...10), placeholder: "PERCENT", standard: "6",
            help: "how far either track's speed may be pushed in a transition"),
    ]

    /// - Parameter bitrateKbps: of the MP3 that is made of it; nil for sound that is not coded
    static func settings(_ values: OptionValues, bitrateKbps: Int?) -> MixSettings {
        MixSettings(
            targetLoudness: values.number("loudness") ?? -16,
            ceilingDecibels: MixSettings.ceilingDecibels(forBitrateKbps: bitrateKbps ?? .max),
            stretchLimit: (values.number("stretch-limit") ?? 6) / 100)
    }
}
