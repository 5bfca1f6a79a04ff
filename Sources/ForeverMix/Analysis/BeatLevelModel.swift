/// The fitted weights of `BeatLevel`, in the order of `BeatEvidence.features`.
///
/// A softmax over the hypotheses of each track, fitted with an L2 penalty to rendered tracks with known beats
/// (Docs/Analysis.md says which and how well).
package enum BeatLevelModel {
    package static let weights: [Double] = [
        -1.3862, -2.0687, 0.5961, 1.4324, 2.3664, 0.6657, -0.6069, 0.2422,
        -0.0746, -0.6488, -1.4858, 1.5517, 0.4754, -0.4317, -0.1895, 0.0426,
        1.0303, -0.4758, 0.2320, 2.2656, -1.3389, 0.0553, -0.0599, 0.0528,
        0.4858, -0.1327, -0.6451, -0.3060, -0.7270, -0.4847, -1.6755, -0.3375,
        0.5044, -0.2652, -0.0244, -2.0278, -1.3160, 0.4606, 0.6549, -0.6557,
        4.8384, -0.1853, -0.4687, 1.2676, 3.2258, 3.6464,
    ]
}
