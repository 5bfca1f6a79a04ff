/// The fitted weights of `BeatLevel`, in the order of `BeatEvidence.features`.
///
/// A softmax over the hypotheses of each track, fitted with an L2 penalty to rendered tracks with known beats
/// (Docs/Analysis.md says which and how well).
package enum BeatLevelModel {
    package static let weights: [Double] = [
        -0.6010, -1.2252, 0.5046, 0.9220, 1.3407, -0.0007, -0.5862, 0.2851,
        0.1768, -0.5889, -0.6650, 1.0008, 0.0519, -0.1475, -0.3707, 0.1897,
        0.4259, -0.6680, -0.2297, 1.3238, -0.6416, -0.0432, -0.2955, 0.0346,
        0.1398, 0.1373, -0.6412, -0.2674, -0.4531, -0.2173, -0.5466, -0.1351,
        0.2628, -0.1665, -0.5444, -1.0164, -1.2384, 0.0355, 0.8927, -0.5396,
        2.9711, 0.0265, -0.6113, 0.0682, 0.9036, 2.7623,
    ]
}
