import Foundation

/// How likely a bar holds a voice.
///
/// A logistic model of how much glides, how much the spectrum varies, how hard drums hit, and its shape; fitted to
/// rendered music with and without synthetic speech of eleven voices in it (Docs/Analysis.md).
enum VoiceModel {
    private static let bias = 12.852
    private static let glide = 27.247
    private static let variety = 0.832
    private static let flux = [-19.552, -28.561, -14.572]
    /// Of the six groups' levels against the whole.
    private static let groups = [0.251, 0.230, 0.153, 0.173, 0.032, -0.038]
    /// Below this level there is nobody. **Units:** dB.
    private static let levelMin = -20.0

    /// 0 ... 1.
    static func likeness(_ bar: BarFeatures) -> Double {
        guard bar.level > levelMin else { return 0 }
        var sum = bias + glide * bar.glide.squareRoot() + variety * bar.variety
        for (value, weight) in zip(bar.flux, flux) { sum += weight * value }
        for (value, weight) in zip(bar.groups, groups) { sum += weight * (value - bar.level) }
        return 1 / (1 + exp(-sum))
    }
}
