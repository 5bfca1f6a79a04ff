import ForeverTestKit
import Foundation

/// When beats come: at one tempo, at one that drifts as a player's does, or at one that changes on the way.
struct BeatClock {
    enum Course { case constant, drift(Double), ramp(to: Double), step(to: Double) }

    /// One more than there are beats. **Units:** s.
    let times: [Double]
    let slowest: Double
    let fastest: Double

    init(beats: Int, tempo: Double, course: Course, _ dice: inout Dice) {
        let turns = (dice.between(55...90), dice.between(17...29), dice.between(0...6.28), dice.between(0...6.28))
        var times = [0.0]
        var (slowest, fastest) = (tempo, tempo)
        for beat in 0..<beats {
            var now = tempo
            let place = Double(beat) / Double(beats)
            switch course {
            case .constant: break
            case .drift(let share):
                let slow = sin(2 * .pi * Double(beat) / turns.0 + turns.2)
                let quick = sin(2 * .pi * Double(beat) / turns.1 + turns.3)
                now *= 1 + share * (0.6 * slow + 0.4 * quick)
            case .ramp(let end): now += (end - tempo) * max(0, min(1, (place - 0.35) / 0.3))
            case .step(let end): now = place < 0.5 ? tempo : end
            }
            slowest = min(slowest, now)
            fastest = max(fastest, now)
            times.append(times[beat] + 60 / now)
        }
        self.times = times
        self.slowest = slowest
        self.fastest = fastest
    }

    /// **Units:** `beat` may lie between two; s.
    func seconds(_ beat: Double) -> Double {
        let whole = max(0, min(times.count - 2, Int(beat)))
        return times[whole] + (beat - Double(whole)) * (times[whole + 1] - times[whole])
    }
}
