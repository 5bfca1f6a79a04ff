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
        2.2550, -0.4398, 1.1955, -1.3622, 1.1945, 2.1930, 0.3584, 1.0732,
        0.0015, 1.7812, 0.4644, -1.1583, 4.9288, -1.6801, -0.8766, -1.1232,
        1.7647, -0.1821, -0.7317, -0.7803, -1.2571, 0.3239, -1.0195, -0.5427,
        0.0106, 0.3164, 0.4890,
    ]

    private static let threeFour: [Double] = [
        1.1666, 0.2998, 0.5484, 0.1122, -0.6488, 0.6255, 0.8639, 0.0403,
        1.2499, -0.4801, -0.0053, 0.6513, 0.5714, -0.3534, 1.3449, -0.1989,
        -0.3085, 0.1460, -1.7693, 1.2854, 0.9529,
    ]

    private static let sixEight: [Double] = [
        -0.9104, -0.2028, -0.4965, -0.4025, 0.7574, 0.7116, -0.0552, 0.4856,
        0.4669, -0.4893, 0.2071, 0.0959, 0.0968, 0.1100, 0.1963, 0.3914,
        0.2633, 1.1499, -0.4754, -0.9325,
    ]
}
