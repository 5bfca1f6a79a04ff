/// The fitted weights of `DownbeatEstimator`, in the order of its features.
///
/// A softmax over time signatures and phases, fitted with an L2 penalty to rendered tracks with known bars
/// (Docs/Analysis.md says which and how well).
enum DownbeatModel {
    static func weights(_ signature: TimeSignature) -> [Double] {
        switch signature {
        case .fourFour: fourFour
        case .threeFour: threeFour
        case .sixEight: sixEight
        }
    }

    private static let fourFour: [Double] = [
        2.0962, -0.1213, 0.8483, -1.2255, 1.1064, 1.9179, 0.4577, 1.0253,
        0.1848, 1.7530, 0.6534, -1.0396, 4.8988, -1.7378, -1.3375, -1.2428,
        1.8774, 0.0020, -1.1101, -0.8881, -1.7153, 0.0858, -1.3055, -0.6952,
        0.2539, 0.4862, 0.7967,
    ]

    private static let threeFour: [Double] = [
        1.3181, 0.1913, 0.5099, 0.0441, -0.7138, 0.5678, 0.8635, 0.0006,
        1.2901, -0.4846, 0.1859, 0.6388, 0.6393, -0.3006, 1.4449, -0.3319,
        -0.2520, 0.0462, -1.8379, 1.3958, 1.0621,
    ]

    private static let sixEight: [Double] = [
        0.9389, 0.9033, -1.6834, -0.2904, 1.8583, 1.7658, 1.0470, 1.7073,
        0.3389, 0.1556, 0.1468, -0.3136, -0.6151, 0.1867, -0.4105, 1.5188,
        0.9760, 2.0498, -0.8050, -2.0610,
    ]
}
