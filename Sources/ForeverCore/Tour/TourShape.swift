/// The energy that a tour should have at each of its positions.
struct TourShape {
    /// Energy by track, NaN where unknown.
    let energies: [Float]
    /// Wanted energy by position, NaN where anything will do.
    let wanted: [Float]
    /// What a difference of 1 costs.
    let weight: Float

    @inline(__always)
    func cost(of track: Int32, at position: Int) -> Float {
        guard Int(track) < energies.count, wanted.indices.contains(position) else { return 0 }
        let difference = abs(energies[Int(track)] - wanted[position])
        return difference.isNaN ? 0 : weight * difference
    }
}
