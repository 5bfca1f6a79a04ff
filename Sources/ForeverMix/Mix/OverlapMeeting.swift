/// What sounds together over a whole overlap.
struct OverlapMeeting {
    /// How much both sing at once, 0 ... 1, and how differently they sound (dB), on average of its bars.
    private(set) var voices = 0.0
    private(set) var distance: Double?

    init(
        outgoing: BarGrid, outgoingBeat: Int, incoming: BarGrid, incomingBeat: Int, barBeats: Int, bars: Int,
        shapes: (out: TrackShape, in: TrackShape)
    ) {
        var far = 0.0
        var count = 0.0
        for bar in 0..<bars {
            let (out, into) = (outgoingBeat + bar * barBeats, incomingBeat + bar * barBeats)
            let sung = (
                shapes.out.activity(\.voice, at: outgoing.beats[out]) ?? 0,
                shapes.in.activity(\.voice, at: incoming.beats[into]) ?? 0
            )
            voices += min(sung.0, sung.1) / Double(bars)
            if let one = shapes.out.distance(
                beat: out / outgoing.beatsPerAnalysed, to: shapes.in, beat: into / incoming.beatsPerAnalysed)
            {
                far += one
                count += 1
            }
        }
        distance = count > 0 ? far / count : nil
    }
}
