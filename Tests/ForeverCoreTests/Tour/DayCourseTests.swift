import ForeverCore
import Testing

@Suite struct DayCourseTests {
    @Test func aCurveIsStraightBetweenItsPointsAndRoundMidnight() throws {
        let curve = try EnergyCurve("6=0.2, 22:00=1 2=0.4")
        #expect(curve.points.map(\.hour) == [2, 6, 22])
        for (hour, energy) in [
            (6.0, 0.2), (14, 0.6), (22, 1), (0, 0.7), (2, 0.4), (4, 0.3), (30, 0.2), (-2, 1), (24 * 9 + 4, 0.3),
        ] {
            #expect(abs(curve.energy(atHour: hour) - energy) < 1e-9, "\(hour)")
        }
        let flat = try EnergyCurve("13:30=0.5")
        #expect(flat.points[0].hour == 13.5)
        #expect([0, 13.5, 20].allSatisfy { flat.energy(atHour: $0) == 0.5 })
    }

    @Test(arguments: ["", "6", "6=", "=0.5", "24=0.5", "-1=0.5", "6=1.5", "6=nan", "6=0.1 6=0.2", "6:75=0.5", "a=b"])
    func whatIsNoCurveIsRefused(text: String) {
        #expect(throws: EnergyCurve.Malformed.self) { try EnergyCurve(text) }
    }

    /// Sum of differences between a tour's energies and what the hours ask for.
    private func strain(_ tour: Tour, _ energies: [String: Double], _ course: DayCourse, seconds: Double) -> Double {
        tour.order.enumerated().reduce(0) { sum, place in
            let wanted = course.curve.energy(atHour: course.startHour + Double(place.offset) * seconds / 3600)
            return sum + abs((energies[place.element] ?? wanted) - wanted)
        } / Double(tour.order.count)
    }

    @Test func aTourFollowsTheDay() throws {
        let tracks = Crates.drawn(300, seed: 71)
        let energies = Dictionary(
            uniqueKeysWithValues: tracks.compactMap { track in track.energy.map { (track.id, $0) } })
        let lengths = tracks.compactMap(\.duration)
        let mean = lengths.reduce(0, +) / Double(lengths.count)
        let course = DayCourse(curve: try EnergyCurve("6=0.1 20=0.9"), startHour: 6)
        let plain = try TourSolver().path(from: "t0", through: tracks, seed: 1, clock: { 0 })
        let shaped = try TourSolver().path(from: "t0", through: tracks, course: course, seed: 1, clock: { 0 })
        #expect(Set(shaped.order).count == 300)
        let strains = (
            strain(plain, energies, course, seconds: mean), strain(shaped, energies, course, seconds: mean)
        )
        #expect(strains.1 < 0.5 * strains.0, "\(strains)")
        // The legs say what the hour cost them, and stay good legs.
        #expect(shaped.legs.filter { $0.terms["shape"] != nil }.count > 250)
        #expect(plain.legs.allSatisfy { $0.terms["shape"] == nil })
        var weights = TourWeights()
        weights[.shape] = 0
        let heedless = try TourSolver(cost: TourCost(weights: weights)).path(
            from: "t0", through: tracks, course: course, seed: 1, clock: { 0 })
        #expect(heedless.order == plain.order)
        let matched = { (tour: Tour) in tour.legs.filter { $0.kind == TourCost.beatMatchedKind }.count }
        #expect(Double(matched(shaped)) > 0.85 * Double(matched(plain)))
    }

    @Test func aFewTracksFollowTheDayToo() throws {
        let tracks = (0..<6).map {
            TrackFacts(id: "\($0)", duration: 3600, energy: [0.9, 0.1, 0.5, 0.3, 0.7, 0.2][$0])
        }
        var weights = TourWeights()
        weights[.energy] = 1
        weights[.length] = 0
        let course = DayCourse(curve: try EnergyCurve("0=0.9 6=0"), startHour: 0)
        let tour = try TourSolver(cost: TourCost(weights: weights)).path(
            through: tracks, course: course, seed: 1, clock: { 0 })
        #expect(tour.order == ["0", "4", "2", "3", "5", "1"])
    }
}
