/// A file broken a little, the same way for the same seed: bytes changed, overwritten or left out, near the head more
/// often, where the sizes stand.
package struct FileMutation {
    private var dice: Dice

    package init(seed: UInt64) { dice = Dice(seed: seed) }

    /// Shorter than this a file is not made.
    private static let bytesMin = 400
    /// The head, which every second change falls into.
    private static let headBytes = 300

    /// The next broken copy of `bytes`.
    package mutating func next(_ bytes: [UInt8]) -> [UInt8] {
        var changed = bytes
        for _ in 0..<Int.random(in: 1...12, using: &dice) {
            guard changed.count >= FileMutation.bytesMin else { break }
            let reach = Bool.random(using: &dice) ? min(changed.count, FileMutation.headBytes) : changed.count
            let place = Int.random(in: 0..<reach, using: &dice)
            switch Int.random(in: 0..<4, using: &dice) {
            case 0: changed[place] = UInt8.random(in: 0...255, using: &dice)
            case 1: changed[place] ^= 1 << UInt8.random(in: 0..<8, using: &dice)
            case 2:
                for index in place..<min(place + 8, changed.count) { changed[index] = 0xff }
            default:
                changed.removeSubrange(place..<min(place + Int.random(in: 1...64, using: &dice), changed.count))
            }
        }
        return changed
    }
}
