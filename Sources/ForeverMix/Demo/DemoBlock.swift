/// A block of a demo track being made, in memory that the source lends.
struct DemoBlock {
    /// First frame in the track; may be negative.
    let start: Int
    let count: Int
    let left: UnsafeMutablePointer<Float>
    let right: UnsafeMutablePointer<Float>
    let duckedLeft: UnsafeMutablePointer<Float>
    let duckedRight: UnsafeMutablePointer<Float>
    let duck: UnsafeMutablePointer<Float>

    /// Fills the block.
    func render(_ performance: DemoPerformance) {
        for channel in [left, right, duckedLeft, duckedRight] { channel.update(repeating: 0, count: count) }
        guard start + count > 0, start < performance.frameCount else { return }
        performance.bank.samples.withUnsafeBufferPointer { samples in
            addEvents(performance, samples.baseAddress!)
            for bed in performance.beds where Int(bed.end) > start && Int(bed.start) < start + count {
                add(bed, performance, samples.baseAddress!)
            }
        }
        fillDuck(performance)
        finish(drive: performance.drive)
    }

    private func addEvents(_ performance: DemoPerformance, _ samples: UnsafePointer<Int16>) {
        performance.events.withUnsafeBufferPointer { events in
            // First event that may still sound.
            var low = 0
            var high = events.count
            let earliest = start - performance.eventFramesMax
            while low < high {
                let middle = (low + high) / 2
                if Int(events[middle].start) < earliest { low = middle + 1 } else { high = middle }
            }
            while low < events.count && Int(events[low].start) < start + count {
                let event = events[low]
                let slice = performance.bank.slices[Int(event.slice)]
                let source = samples + slice.offset
                add(event, source, gain: event.left, at: Int(event.start), into: event.isDucked ? duckedLeft : left)
                add(
                    event, source, gain: event.right, at: Int(event.start) + Int(event.rightDelay),
                    into: event.isDucked ? duckedRight : right)
                low += 1
            }
        }
    }

    /// Adds one channel of an event that begins at frame `first`.
    private func add(
        _ event: DemoEvent, _ source: UnsafePointer<Int16>, gain: Float, at first: Int,
        into target: UnsafeMutablePointer<Float>
    ) {
        let from = max(start, first)
        let until = min(start + count, first + Int(event.length))
        guard from < until else { return }
        let plainUntil = max(from, min(until, first + Int(event.length) - Int(event.fade)))
        let out = target + (from - start)
        let input = source + (from - first)
        for index in 0..<(plainUntil - from) { out[index] += Float(input[index]) * gain }
        let end = first + Int(event.length)
        let slope = gain / Float(max(1, event.fade))
        for index in (plainUntil - from)..<(until - from) {
            out[index] += Float(input[index]) * (Float(Int32(end - from - index)) * slope)
        }
    }

    private func add(_ bed: DemoBed, _ performance: DemoPerformance, _ samples: UnsafePointer<Int16>) {
        let dark = performance.bank.slices[Int(bed.dark)]
        let bright = performance.bank.slices[Int(bed.bright)]
        let mask = dark.count - 1
        let shift = dark.count / 8 * 3 + 1021
        let end = min(start + count, Int(bed.end))
        var frame = max(start, Int(bed.start))
        while frame < end {
            // A run in which neither the loop nor its shifted twin wraps around.
            let place = frame & mask
            let twin = (frame + shift) & mask
            let run = min(end - frame, dark.count - place, dark.count - twin)
            let reader = Reader(
                dark: samples + dark.offset + place, darkTwin: samples + dark.offset + twin,
                bright: samples + bright.offset + place, brightTwin: samples + bright.offset + twin,
                darkScale: dark.scale, brightScale: bright.scale)
            add(bed, reader, frame: frame, run: run)
            frame += run
        }
    }

    private struct Reader {
        let dark, darkTwin, bright, brightTwin: UnsafePointer<Int16>
        let darkScale, brightScale: Float
    }

    private func add(_ bed: DemoBed, _ reader: Reader, frame: Int, run: Int) {
        let outLeft = (bed.isDucked ? duckedLeft : left) + (frame - start)
        let outRight = (bed.isDucked ? duckedRight : right) + (frame - start)
        let perFrame = 1 / Float(bed.end - bed.start)
        let (attackSlope, releaseSlope) = (1 / Float(bed.attack), 1 / Float(bed.release))
        let (levelSlope, shadeSlope) = (bed.levelTo - bed.levelFrom, bed.shadeTo - bed.shadeFrom)
        let since = Int32(frame - Int(bed.start))
        let left = Int32(Int(bed.end) - frame)
        for index in 0..<run {
            let age = Float(since + Int32(truncatingIfNeeded: index))
            let rest = Float(left - Int32(truncatingIfNeeded: index))
            let envelope = min(1, min(age * attackSlope, rest * releaseSlope))
            let part = age * perFrame
            let level = (bed.levelFrom + levelSlope * part) * envelope
            let shade = bed.shadeFrom + shadeSlope * part
            let darkGain = level * (1 - shade) * reader.darkScale
            let brightGain = level * shade * reader.brightScale
            let middle = Float(reader.dark[index]) * darkGain + Float(reader.bright[index]) * brightGain
            let side =
                (Float(reader.darkTwin[index]) * darkGain + Float(reader.brightTwin[index]) * brightGain) * bed.width
            outLeft[index] += middle + side
            outRight[index] += middle - side
        }
    }

    /// How far the kicks push the rest down, frame by frame: of two kicks the deeper holds.
    private func fillDuck(_ performance: DemoPerformance) {
        duck.update(repeating: 1, count: count)
        performance.duckCurve.withUnsafeBufferPointer { curve in
            performance.kicks.withUnsafeBufferPointer { kicks in
                var low = 0
                var high = kicks.count
                while low < high {
                    let middle = (low + high) / 2
                    if Int(kicks[middle]) + curve.count <= start { low = middle + 1 } else { high = middle }
                }
                while low < kicks.count && Int(kicks[low]) < start + count {
                    let kick = Int(kicks[low])
                    let from = max(start, kick)
                    let until = min(start + count, kick + curve.count)
                    for frame in from..<max(from, until) {
                        duck[frame - start] = min(duck[frame - start], curve[frame - kick])
                    }
                    low += 1
                }
            }
        }
    }

    /// Joins both sums under the soft ceiling: straight up to .6, then bending so that .9 is never passed.
    private func finish(drive: Float) {
        let knee: Float = 0.6
        let room: Float = 0.3
        for (channel, ducked) in [(left, duckedLeft), (right, duckedRight)] {
            for index in 0..<count {
                let sum = (channel[index] + ducked[index] * duck[index]) * drive
                let size = abs(sum)
                let over = max(0, size - knee)
                let bent = min(size, knee) + over * room / (over + room)
                channel[index] = sum < 0 ? -bent : bent
            }
        }
    }
}
