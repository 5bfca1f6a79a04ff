/// Where a ring's bytes lie, without a reference to the ring: for hot paths. Valid for as long as the ring is.
struct RingWindow {
    let base: UnsafeRawPointer
    let capacityBytes: Int64

    /// The bytes from `position` on, as one run of memory: the ring is mapped twice in a row.
    func bytes(at position: StreamPosition, count: Int) -> UnsafeRawBufferPointer {
        assert(position >= 0 && count >= 0 && Int64(count) <= capacityBytes)
        return UnsafeRawBufferPointer(start: base + Int(position % capacityBytes), count: count)
    }
}
