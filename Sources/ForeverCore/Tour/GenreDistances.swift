/// How unlike genres are, by their names: 1 less twice the shared letter pairs over all (Dice's coefficient), so that
/// "deep house" is near "house" and far from "drum & bass".
struct GenreDistances {
    private let pairs: [[UInt64]]
    private let square: [Float]

    /// Up to this many genres all distances are worked out at once: 256 x 256 x 4 bytes.
    private static let squareMax = 256

    init(names: [String]) {
        pairs = names.map(GenreDistances.letterPairs)
        var square: [Float] = []
        if names.count <= GenreDistances.squareMax {
            square.reserveCapacity(names.count * names.count)
            for a in pairs {
                for b in pairs { square.append(GenreDistances.distance(a, b)) }
            }
        }
        self.square = square
    }

    func distance(_ a: Int32, _ b: Int32) -> Float {
        if a == b { return 0 }
        return square.isEmpty
            ? GenreDistances.distance(pairs[Int(a)], pairs[Int(b)]) : square[Int(a) * pairs.count + Int(b)]
    }

    private static func distance(_ a: [UInt64], _ b: [UInt64]) -> Float {
        guard !a.isEmpty, !b.isEmpty else { return a == b ? 0 : 1 }
        var i = 0
        var j = 0
        var shared = 0
        while i < a.count, j < b.count {
            if a[i] == b[j] {
                shared += 1
                i += 1
                j += 1
            } else if a[i] < b[j] {
                i += 1
            } else {
                j += 1
            }
        }
        return 1 - 2 * Float(shared) / Float(a.count + b.count)
    }

    /// Pairs of neighbouring letters, sorted; everything that is no letter or number counts as one space.
    private static func letterPairs(_ name: String) -> [UInt64] {
        var letters: [UInt64] = []
        for scalar in name.unicodeScalars.prefix(200) {
            let isWord = scalar.properties.isAlphabetic || scalar.properties.numericType != nil
            let letter = isWord ? UInt64(scalar.value) : 32
            if letter != 32 || letters.last != 32 { letters.append(letter) }
        }
        guard letters.count > 1 else { return letters }
        return zip(letters, letters.dropFirst()).map { $0 << 32 | $1 }.sorted()
    }
}
