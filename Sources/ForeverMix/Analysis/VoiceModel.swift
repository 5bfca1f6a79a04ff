import Foundation

/// How likely a bar holds a voice, from how much of its sound glides.
enum VoiceModel {
    private static let bias = -5.0
    private static let glideWeight = 60.0

    /// 0 ... 1.
    static func likeness(_ bar: BarFeatures) -> Double {
        1 / (1 + exp(-(bias + glideWeight * bar.glide)))
    }
}
