import ForeverCore

/// Why a track plays when it does: for pages, `/all.json` and the journal.
package struct CastReason: Codable, Hashable, Sendable {
    /// The step that leads to it; nil where nothing plays before, or nothing is known of it.
    package var leg: TourLeg?
    /// The rules that had to give way.
    package var relaxed: [Relaxation]
    /// Whether somebody asked for it.
    package var isWish: Bool
    /// All of it in a few words, or none.
    package var words: String

    package init(leg: TourLeg?, relaxed: [Relaxation] = [], isWish: Bool = false, weights: TourWeights = TourWeights())
    {
        self.leg = leg
        self.relaxed = relaxed
        self.isWish = isWish
        let parts = [isWish ? "wished for" : nil, leg?.inWords(weights: weights)] + relaxed.map { "\($0)" }
        words = parts.compactMap { $0 }.joined(separator: "; ")
    }
}
