/// Where a fade may begin or come in so that it does not lie anywhere in the beat: bar lines where these are trusted, else
/// beats where any are heard at all.
struct FadeLines {
    /// Ascending. **Units:** s.
    private let times: [Double]

    /// Beats below this confidence are guesses.
    static let confidenceMin = 0.4
    /// Lines farther from a place than this are none of its. **Units:** s.
    static let farthestSeconds = 4.0

    init(_ analysis: TrackAnalysis) {
        let areHeard = analysis.trusted.beats || analysis.confidence.beats >= FadeLines.confidenceMin
        times = !areHeard ? [] : analysis.trusted.downbeats ? analysis.downbeats : analysis.beats
    }

    var isEmpty: Bool { times.isEmpty }

    /// The last line until `seconds`; nil where there is none near.
    func last(until seconds: Double) -> Double? {
        let at = count(until: seconds)
        return at > 0 && times[at - 1] >= seconds - FadeLines.farthestSeconds ? times[at - 1] : nil
    }

    /// The first line from `seconds` on; nil where there is none near.
    func first(from seconds: Double) -> Double? {
        let at = count(until: seconds.nextDown)
        return at < times.count && times[at] <= seconds + FadeLines.farthestSeconds ? times[at] : nil
    }

    private func count(until seconds: Double) -> Int {
        var (low, high) = (0, times.count)
        while low < high {
            let middle = (low + high) / 2
            if times[middle] <= seconds { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
