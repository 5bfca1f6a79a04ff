/// The fitted weights of `DownbeatEstimator`, in the order of its features.
///
/// A softmax over bar lengths and phases, fitted with an L2 penalty to the tracks of `BeatLevelModel`.
package enum DownbeatModel {
    package static let weights: [Double] = [
        0.7908, 0.2348, 0.1631, -0.8490, -0.0499, 1.0981, -0.0854, 1.0502,
        -0.0325, 1.1794, 0.2303, -0.7703, 3.2694, -0.5732, -0.5223, 0.6866,
        0.9549, 0.5851, -0.1880, -0.4166, -0.6990, 1.1912, -0.4335, -0.3114,
        -0.2449, 0.2451, -0.7750, 0.7874, 0.2716, 1.3740, 0.0700, -0.6512,
        0.5475, 1.2461, 0.1287, 1.2446, -0.5355, 0.2022, -0.0629, 0.9455,
        -0.7350, 0.9903, -0.0848, -0.8969, 0.4609, 0.5199, 0.4938, 0.7712,
    ]
}
