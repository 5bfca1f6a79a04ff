/// Connections in one run of memory, in no order. Grows by doubling when somebody joins, never during a send.
final class ListenerTable {
    private(set) var slots: UnsafeMutablePointer<ListenerSlot>
    private(set) var count = 0
    private var capacity: Int

    init() {
        capacity = 8
        slots = .allocate(capacity: capacity)
    }

    deinit { slots.deallocate() }

    func append(_ slot: ListenerSlot) {
        if count == capacity {
            let larger = UnsafeMutablePointer<ListenerSlot>.allocate(capacity: capacity * 2)
            larger.moveInitialize(from: slots, count: count)
            slots.deallocate()
            slots = larger
            capacity *= 2
        }
        (slots + count).initialize(to: slot)
        count += 1
    }

    /// Takes one out; the last takes its place.
    func remove(at index: Int) {
        count -= 1
        if index != count { slots[index] = slots[count] }
    }
}
