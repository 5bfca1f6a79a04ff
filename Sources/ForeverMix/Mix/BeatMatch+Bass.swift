extension BeatMatch {
    /// The bar of the overlap at which the basses change hands: where the incoming track's sets in, or the outgoing
    /// one's ends, if that is near the middle; else the middle.
    func swapBar(_ place: Place) -> Int {
        let middle = place.bars / 2
        let near = max(1, place.bars / 4)...max(1, place.bars - max(1, place.bars / 4))
        func bass(_ shape: TrackShape, _ grid: BarGrid, _ beat: Int, _ bar: Int) -> Double? {
            shape.activity(\.bass, at: grid.beats[beat + bar * barBeats])
        }
        func turns(_ shape: TrackShape, _ grid: BarGrid, _ beat: Int, rises: Bool) -> Int? {
            near.filter { bar in
                guard let before = bass(shape, grid, beat, bar - 1), let after = bass(shape, grid, beat, bar) else {
                    return false
                }
                return (rises ? after - before : before - after) > BeatMatch.bassTurnMin
            }.min { abs($0 - middle) < abs($1 - middle) }
        }
        return turns(shapes.in, incoming, place.incomingBeat, rises: true)
            ?? turns(shapes.out, outgoing, place.outgoingBeat, rises: false) ?? middle
    }
}
