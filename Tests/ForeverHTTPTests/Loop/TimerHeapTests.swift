import ForeverHTTP
import Testing

struct TimerHeapTests {
    /// Ten thousand random additions, cancellations and takings against a plain sorted list.
    @Test func agreesWithASortedList() {
        var random = SeededRandom(seed: 1)
        var heap = TimerHeap<Int>()
        var model: [(deadline: Int64, ordinal: Int, id: TimerID)] = []
        var now: Int64 = 0
        for ordinal in 0..<10_000 {
            switch Int.random(in: 0..<4, using: &random) {
            case 0, 1:
                let deadline = now + Int64.random(in: 0..<200, using: &random)
                model.append((deadline, ordinal, heap.add(deadline: deadline, ordinal)))
            case 2 where !model.isEmpty:
                let chosen = model.remove(at: Int.random(in: 0..<model.count, using: &random))
                let results = [heap.cancel(chosen.id), heap.cancel(chosen.id)]
                #expect(results == [true, false])
            default:
                now += Int64.random(in: 0..<20, using: &random)
                let due = model.filter { $0.deadline <= now }.sorted {
                    ($0.deadline, $0.ordinal) < ($1.deadline, $1.ordinal)
                }
                model.removeAll { $0.deadline <= now }
                var taken: [Int] = []
                while let next = heap.popDue(now: now, addedCount: heap.addedCount) { taken.append(next) }
                #expect(taken == due.map(\.ordinal))
            }
            #expect(heap.count == model.count)
            #expect(heap.earliestDeadline == model.map(\.deadline).min())
        }
    }
}
