/// A fixed run of floats at a fixed address, for loops that neither check bounds nor ask for ownership.
final class FloatBlock {
    let pointer: UnsafeMutablePointer<Float>
    let count: Int

    /// Zeros.
    init(_ count: Int) {
        self.count = count
        pointer = .allocate(capacity: count)
        pointer.initialize(repeating: 0, count: count)
    }

    convenience init(_ values: [Float]) {
        self.init(values.count)
        for i in values.indices { pointer[i] = values[i] }
    }

    deinit { pointer.deallocate() }

    func clear() { fill(0) }

    func fill(_ value: Float) { pointer.update(repeating: value, count: count) }

    /// Drops the first `dropped` values, moves the others down and fills up with zeros.
    func drop(_ dropped: Int) {
        pointer.update(from: pointer + dropped, count: count - dropped)
        (pointer + count - dropped).update(repeating: 0, count: dropped)
    }
}
