import ForeverRelay

/// What the streams of a simulation were, kept apart from the rings: every byte, and every title with all its texts.
struct StreamHistory {
    private struct Title {
        var position: StreamPosition
        var texts: [String]
    }

    private struct Stream {
        var stream: TestStream
        var bytes: [UInt8] = []
        var titles: [Title] = []
    }

    private var streams: [Epoch: Stream] = [:]

    mutating func begin(_ epoch: Epoch, _ stream: TestStream) { streams[epoch] = Stream(stream: stream) }

    /// The bytes from `start` to `end` as they were made.
    mutating func bytes(_ epoch: Epoch, _ start: StreamPosition, _ end: StreamPosition) -> ArraySlice<UInt8> {
        guard var entry = streams[epoch] else { return [] }
        if entry.bytes.count < Int(end) {
            streams[epoch] = nil
            entry.bytes += entry.stream.bytes(Int64(entry.bytes.count), end + 65_536)
            streams[epoch] = entry
        }
        return entry.bytes[Int(start)..<Int(end)]
    }

    func format(_ epoch: Epoch) -> StreamFormat { streams[epoch]!.stream.format }

    mutating func addTitle(_ epoch: Epoch, _ title: StreamTitle) {
        if let index = streams[epoch]?.titles.firstIndex(where: { $0.position == title.position }) {
            streams[epoch]?.titles[index].texts.append(title.text)
        } else {
            streams[epoch]?.titles.append(Title(position: title.position, texts: [title.text]))
            streams[epoch]?.titles.sort { $0.position < $1.position }
        }
    }

    /// All texts that the title heard at `position` ever had; none before the first title.
    func titleTexts(_ epoch: Epoch, at position: StreamPosition) -> [String] {
        streams[epoch]?.titles.last { $0.position <= position }?.texts ?? []
    }
}
