/// What a tour minds beside its steps: artists that stand too close, and energies that do not suit the hour.
///
/// Both depend on more than two neighbouring tracks, so they are asked only of moves whose steps alone would gain.
/// **Thread:** one user at a time.
final class TourRules {
    /// Other tracks that must stand between two of one artist; 0 where no artist comes twice.
    let gap: Int
    /// Artist by number, for tracks and for what stands at the ends; -1 where unknown.
    private let artists: UnsafeMutablePointer<Int32>
    private let shape: TourShape?
    /// Positions of the path before the tour's first place.
    private let placesBefore: Int

    /// - Parameters:
    ///   - artists: by track, then by what stands at the ends.
    init(gap: Int, artists given: [Int32], shape: TourShape?, placesBefore: Int) {
        var seen = Set<Int32>()
        let isAnyTwice = given.contains { $0 >= 0 && !seen.insert($0).inserted }
        self.gap = isAnyTwice ? max(0, gap) : 0
        artists = .allocate(capacity: max(1, given.count))
        artists.initialize(from: given, count: given.count)
        self.shape = shape
        self.placesBefore = placesBefore
    }

    deinit { artists.deallocate() }

    var isNothingMinded: Bool { gap == 0 && shape == nil }

    /// What a pair of one artist costs that stands too close: more than any step can gain.
    static let closeCost: Float = 4

    /// What the move changes: the number of pairs that stand too close, and the cost of the shape.
    func change(by move: TourMove, on path: TourPath) -> Float {
        var change: Float = 0
        if gap > 0 {
            let before = closePairs(cuts: (move.first, move.middle, move.last), on: path) { $0 }
            let cuts = (move.first, move.kind == .turn ? move.last : move.secondStart - 1, move.last)
            let after = closePairs(cuts: cuts, on: path) { move.source(of: $0) }
            change += TourRules.closeCost * Float(after - before)
        }
        if shape != nil {
            for position in move.first + 1...move.last {
                change +=
                    shapeCost(of: path.order[move.source(of: position)], at: position)
                    - shapeCost(of: path.order[position], at: position)
            }
        }
        return change
    }

    @inline(__always)
    func artist(of track: Int32) -> Int32 { artists[Int(track)] }

    /// What it costs that a track stands at a position of the path.
    @inline(__always)
    func shapeCost(of track: Int32, at position: Int) -> Float {
        shape?.cost(of: track, at: position - placesBefore) ?? 0
    }

    /// Pairs of one artist with fewer than `gap` others between, among those that stand on both sides of a cut.
    @inline(__always)
    private func closePairs(cuts: (Int, Int, Int), on path: TourPath, source: (Int) -> Int) -> Int {
        var pairs = 0
        var beyond = -1
        func count(_ cut: Int) {
            if cut <= beyond { return }
            for left in max(beyond + 1, cut - gap + 1)...cut {
                let artist = artists[Int(path.order[source(left)])]
                if artist < 0 { continue }
                for right in cut + 1...max(cut + 1, min(left + gap, path.last)) where right <= left + gap {
                    if artists[Int(path.order[source(right)])] == artist { pairs += 1 }
                }
            }
            beyond = cut
        }
        count(cuts.0)
        count(cuts.1)
        count(cuts.2)
        return pairs
    }
}
