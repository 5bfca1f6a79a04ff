import ForeverHTTP

/// The protected channels of one fan-out, by number. **Thread:** the fan-out's.
final class ChannelTable {
    private var channels: [(any RecordChannel)?] = []
    private var free: [Int32] = []

    func add(_ channel: any RecordChannel) -> Int32 {
        if let number = free.popLast() {
            channels[Int(number)] = channel
            return number
        }
        channels.append(channel)
        return Int32(channels.count - 1)
    }

    subscript(number: Int32) -> any RecordChannel { channels[Int(number)]! }

    /// Closes a channel; its number may be given to another.
    func close(_ number: Int32) {
        channels[Int(number)]?.close()
        channels[Int(number)] = nil
        free.append(number)
    }
}
