/// The energy that a day asks for, hour by hour: a curve through a few points, straight between them and round midnight.
///
/// **Shape:** as text `7=0.3 12=0.5 21.5=0.9`: hours of the day (0 up to 24) and energies (0 calm ... 1 driving).
public struct EnergyCurve: Hashable, Sendable, CustomStringConvertible {
    /// By hour, ascending; never empty.
    public let points: [Point]

    public struct Point: Hashable, Sendable {
        /// Hour of the day, 0 ..< 24.
        public var hour: Double
        /// 0 ... 1.
        public var energy: Double

        public init(hour: Double, energy: Double) {
            self.hour = hour
            self.energy = energy
        }
    }

    /// What is wrong with a curve that somebody wrote.
    public struct Malformed: Error, Hashable, Sendable, CustomStringConvertible {
        public let description: String
    }

    /// Points that a curve may have: one for every quarter of an hour.
    public static let pointsMax = 96

    /// **Errors:** no point or too many, an hour twice, values outside their ranges.
    public init(_ points: [Point]) throws(Malformed) {
        guard !points.isEmpty, points.count <= EnergyCurve.pointsMax else {
            throw Malformed(description: "an energy curve has 1 to \(EnergyCurve.pointsMax) points")
        }
        for point in points {
            guard (0..<24).contains(point.hour) else {
                throw Malformed(description: "\(point.hour) is no hour of the day: 0 up to 24 is")
            }
            guard (0...1).contains(point.energy) else {
                throw Malformed(description: "\(point.energy) is no energy: 0 to 1 is")
            }
        }
        self.points = points.sorted { $0.hour < $1.hour }
        for (one, other) in zip(self.points, self.points.dropFirst()) where one.hour == other.hour {
            throw Malformed(description: "the hour \(one.hour) stands twice")
        }
    }

    /// Reads `7=0.3 12=0.5`; commas serve as well as spaces, and `21:30` for `21.5`.
    public init(_ text: String) throws(Malformed) {
        var points: [Point] = []
        for word in text.split(whereSeparator: { $0 == " " || $0 == "," }) {
            let parts = word.split(separator: "=", omittingEmptySubsequences: false)
            guard parts.count == 2, let hour = EnergyCurve.hour(parts[0]), let energy = Double(parts[1]) else {
                throw Malformed(description: "\"\(word)\" is not HOUR=ENERGY, as in 21:30=0.9")
            }
            points.append(Point(hour: hour, energy: energy))
        }
        try self.init(points)
    }

    private static func hour(_ text: Substring) -> Double? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        if parts.count == 1 { return Double(text) }
        guard parts.count == 2, let hours = Int(parts[0]), let minutes = Int(parts[1]), (0..<60).contains(minutes)
        else {
            return nil
        }
        return Double(hours) + Double(minutes) / 60
    }

    /// The energy asked for at an hour, any number: days follow each other.
    public func energy(atHour hour: Double) -> Double {
        let wrapped = hour - 24 * (hour / 24).rounded(.down)
        let after = points.first { $0.hour > wrapped } ?? points[0]
        let before = points.last { $0.hour <= wrapped } ?? points[points.count - 1]
        var span = after.hour - before.hour
        var into = wrapped - before.hour
        if span <= 0 { span += 24 }
        if into < 0 { into += 24 }
        return before.energy + (after.energy - before.energy) * min(1, into / span)
    }

    public var description: String { points.map { "\($0.hour)=\($0.energy)" }.joined(separator: " ") }
}

/// A day's curve and where in the day something begins.
public struct DayCourse: Hashable, Sendable {
    public var curve: EnergyCurve
    /// When the first track of the order begins, as an hour of the day.
    public var startHour: Double

    public init(curve: EnergyCurve, startHour: Double) {
        self.curve = curve
        self.startHour = startHour
    }
}

extension TourTable {
    /// A track whose length nobody knows. **Units:** s.
    private static let guessedSeconds: Float = 240

    /// The energy wanted at each place of a tour, as far as its tracks' mean length tells when that is.
    func wantedEnergies(of course: DayCourse) -> [Float] {
        let known = (0..<count).map { duration($0) }.filter { !$0.isNaN }
        let mean = known.isEmpty ? TourTable.guessedSeconds : known.reduce(0, +) / Float(known.count)
        return (0..<count).map { place in
            Float(course.curve.energy(atHour: course.startHour + Double(place) * Double(mean) / 3600))
        }
    }

    /// What the wanted energies cost.
    func shape(_ wanted: [Float]) -> TourShape {
        TourShape(energies: (0..<count).map { energy($0) }, wanted: wanted, weight: shapeShare)
    }
}
