/// Where the live edge must be at any moment: it follows the clock from where it was first seen, through every restart.
///
/// Pure.
struct LiveLine {
    /// How far a server's word may be from it: a busy machine answers late. **Units:** s.
    static let rootSecondsMax = 1.0
    /// A relay's clock is bent towards the root's, slowly.
    static let relaySecondsMax = 2.5

    private let position: Int64
    private let nanoseconds: Int64
    private let byteRate: Double

    init(position: Int64, byteRate: Int64, now: Int64) {
        self.position = position
        self.byteRate = Double(byteRate)
        nanoseconds = now
    }

    /// How many seconds before its place live is said to be; negative behind it.
    func error(of said: Int64, now: Int64) -> Double {
        Double(said - position) / byteRate - Double(now - nanoseconds) / 1e9
    }
}
