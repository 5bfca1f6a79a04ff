import Foundation

/// A track ready to be read: its bank of sounds and the list of where they fall. Immutable, shared by every source of
/// the track.
final class DemoPerformance: Sendable {
    let bank: DemoBank
    /// By start; what starts together is in the order it was written, which fixes the order of the sum.
    let events: [DemoEvent]
    let beds: [DemoBed]
    /// Frames of the kicks, ascending.
    let kicks: [Int32]
    /// Gain of the ducked sounds by frames since a kick.
    let duckCurve: [Float]
    /// Gain into the soft ceiling.
    let drive: Float
    let frameCount: Int
    /// The longest event: how far back a reader must look.
    let eventFramesMax: Int

    init(score: DemoScore) {
        var performer = DemoPerformer(score: score)
        performer.playAll()
        performer.bank.seal()
        bank = performer.bank
        frameCount = score.frameCount
        let ordered = performer.events.enumerated().sorted {
            ($0.element.start, $0.offset) < ($1.element.start, $1.offset)
        }
        events = ordered.map(\.element)
        beds = performer.beds
        kicks = performer.kicks.sorted()
        drive = Float(pow(10, score.sound.driveDecibels / 20))
        eventFramesMax = events.reduce(0) { max($0, Int($1.length) + Int($1.rightDelay)) }
        duckCurve = DemoPerformance.duckCurve(
            depth: score.genre.duckDepth,
            frames: Int(score.framesPerBeat * (score.genre.groove == .fourOnFloor ? 0.85 : 0.6)))
    }

    /// Down within 1.5 ms, held for a tenth, then back along half a cosine.
    private static func duckCurve(depth: Double, frames: Int) -> [Float] {
        (0..<frames).map { frame in
            let down = min(1, Double(frame) / 72)
            let part = max(0, (Double(frame) / Double(frames) - 0.1) / 0.9)
            let up = 0.5 + 0.5 * cos(Double.pi * part)
            return Float(1 - depth * down * up)
        }
    }
}
