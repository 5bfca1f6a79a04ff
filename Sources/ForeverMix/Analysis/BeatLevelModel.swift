/// The fitted weights of `BeatLevel`, in the order of `BeatEvidence.features`.
///
/// A softmax over the hypotheses of each track, fitted with an L2 penalty to rendered tracks with known beats
/// (Docs/Analysis.md says which and how well).
package enum BeatLevelModel {
    package static let weights: [Double] = [
        -1.0214, -1.5126, 0.4557, 1.0867, 1.7014, 0.2171, -0.4357, 0.4030,
        -0.0255, -0.4481, -0.9011, 1.0607, 0.3009, -0.2270, -0.1397, 0.3075,
        0.5654, -0.4406, 0.0580, 1.4871, -0.7005, -0.1777, -0.4638, 0.0459,
        0.1559, -0.2273, -0.6628, 0.5184, 0.1491, -1.1820, 0.7169, -1.3414,
        -0.1571, -0.2489, -0.2507, -0.9419, -0.1706, 0.2529, -0.1759, -0.5871,
        -0.8921, -1.0682, 0.0999, 0.7495, -0.4650, 3.0006, -0.6834, -1.5623,
        0.5111, 1.3286, 3.1302,
    ]
}
