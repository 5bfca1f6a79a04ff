/// Names one scheduled timer. A timer that has fired or was cancelled leaves a name that means nothing.
public struct TimerID: Hashable, Sendable {
    let slot: UInt32
    let generation: UInt32
}

/// Deadlines with payloads, earliest first; equal deadlines in the order they were added.
///
/// A binary heap of slot numbers, where each slot knows its place, so that cancelling takes it out at once.
/// **Cost:** O(log n) to add, cancel and take; no allocation once grown.
package struct TimerHeap<Payload> {
    private struct Slot {
        var generation: UInt32 = 0
        var heapIndex = -1
        var deadline: Int64 = 0
        var sequence: UInt64 = 0
        var payload: Payload?
    }

    private var slots: [Slot] = []
    private var free: [Int] = []
    private var heap: [Int] = []
    private var sequence: UInt64 = 0

    package init() {}

    package var count: Int { heap.count }
    package var earliestDeadline: Int64? { heap.first.map { slots[$0].deadline } }

    package mutating func add(deadline: Int64, _ payload: Payload) -> TimerID {
        let index = free.popLast() ?? slots.count
        if index == slots.count { slots.append(Slot()) }
        sequence += 1
        slots[index].heapIndex = heap.count
        slots[index].deadline = deadline
        slots[index].sequence = sequence
        slots[index].payload = payload
        heap.append(index)
        siftUp(heap.count - 1)
        return TimerID(slot: UInt32(index), generation: slots[index].generation)
    }

    /// True when the timer was still waiting.
    @discardableResult
    package mutating func cancel(_ id: TimerID) -> Bool {
        let index = Int(id.slot)
        guard index < slots.count, slots[index].generation == id.generation, slots[index].heapIndex >= 0 else {
            return false
        }
        remove(at: slots[index].heapIndex)
        return true
    }

    /// Timers added so far; what `popDue` needs to leave alone those added while it is used.
    package var addedCount: UInt64 { sequence }

    /// Takes out the earliest timer whose deadline is not after `now`; nil also when that is one added after the first
    /// `addedCount`, so that a timer which sets itself anew at once does not keep its turn from ending.
    package mutating func popDue(now: Int64, addedCount: UInt64) -> Payload? {
        guard let first = heap.first, slots[first].deadline <= now, slots[first].sequence <= addedCount else {
            return nil
        }
        let payload = slots[first].payload
        remove(at: 0)
        return payload
    }

    private mutating func remove(at place: Int) {
        let index = heap[place]
        slots[index].heapIndex = -1
        slots[index].payload = nil
        slots[index].generation &+= 1
        free.append(index)
        let last = heap.removeLast()
        guard place < heap.count else { return }
        heap[place] = last
        slots[last].heapIndex = place
        siftUp(place)
        siftDown(slots[last].heapIndex)
    }

    private func isBefore(_ a: Int, _ b: Int) -> Bool {
        slots[a].deadline != slots[b].deadline
            ? slots[a].deadline < slots[b].deadline : slots[a].sequence < slots[b].sequence
    }

    private mutating func siftUp(_ start: Int) {
        var place = start
        while place > 0 {
            let parent = (place - 1) / 2
            guard isBefore(heap[place], heap[parent]) else { return }
            exchange(place, parent)
            place = parent
        }
    }

    private mutating func siftDown(_ start: Int) {
        var place = start
        while true {
            var smallest = place
            for child in (2 * place + 1)...(2 * place + 2)
            where child < heap.count && isBefore(heap[child], heap[smallest]) { smallest = child }
            guard smallest != place else { return }
            exchange(place, smallest)
            place = smallest
        }
    }

    private mutating func exchange(_ a: Int, _ b: Int) {
        heap.swapAt(a, b)
        slots[heap[a]].heapIndex = a
        slots[heap[b]].heapIndex = b
    }
}
