/// Takes title blocks out of a stream, so that the sound is left. Pure.
struct TitleStripper {
    private let interval: Int
    /// Bytes of sound until the next block.
    private var sound: Int
    /// Bytes of a block that are still to come.
    private var block = 0
    private(set) var blocks = 0

    /// Nil where no blocks come.
    init?(interval: Int?) {
        guard let interval, interval > 0 else { return nil }
        self.interval = interval
        sound = interval
    }

    /// Calls `body` with each run of sound in `run`.
    mutating func split(_ run: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void) {
        var rest = run[...]
        while !rest.isEmpty {
            if block > 0 {
                let count = min(block, rest.count)
                block -= count
                rest = rest.dropFirst(count)
            } else if sound == 0 {
                block = 16 * Int(rest.first!)
                blocks += 1
                sound = interval
                rest = rest.dropFirst()
            } else {
                let piece = rest.prefix(sound)
                sound -= piece.count
                rest = rest.dropFirst(piece.count)
                body(UnsafeRawBufferPointer(rebasing: piece))
            }
        }
    }
}
