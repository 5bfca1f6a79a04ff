/// One title and the byte from which it is what one hears.
public struct StreamTitle: Hashable, Sendable {
    public var position: StreamPosition
    /// "Artist - Title", as players show it
    public var text: String

    public init(position: StreamPosition, text: String) {
        self.position = position
        self.text = text
    }
}

/// The stream's titles in the order of their positions, each with its ICY block made once for all listeners.
///
/// Titles carry positions and not times, so they pass through any number of relays unchanged.
/// **Thread:** the loop's. **Cost:** looking up allocates nothing.
public final class TitleTrack {
    /// A day of music; older ones are forgotten.
    public static let titlesMax = 512

    private struct Entry {
        var title: StreamTitle
        /// never used twice in a track
        var ordinal: Int32
        var block: UnsafeMutableRawBufferPointer
    }

    private var entries: [Entry] = []
    /// Called with the titles when they have changed.
    public var onChange: (([StreamTitle]) -> Void)?
    private var nextOrdinal: Int32 = 1

    public init() {}

    deinit { for entry in entries { entry.block.deallocate() } }

    /// The titles, ascending by position.
    public var titles: [StreamTitle] { entries.map(\.title) }

    /// Makes the titles these, in any order. What was there with the same position and text stays what it is.
    public func replace(with titles: [StreamTitle]) {
        let kept = titles.sorted { $0.position < $1.position }.suffix(Self.titlesMax)
        var old = entries
        entries = kept.map { title in
            if let index = old.firstIndex(where: { $0.title == title }) { return old.remove(at: index) }
            let bytes = ICYMetadata.block(title: title.text)
            let block = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 16)
            block.copyBytes(from: bytes)
            defer { nextOrdinal &+= 1 }
            return Entry(title: title, ordinal: nextOrdinal, block: block)
        }
        for entry in old { entry.block.deallocate() }
        onChange?(self.titles)
    }

    /// Adds one title; one that stands at the same position is replaced.
    public func append(_ title: StreamTitle) {
        replace(with: entries.map(\.title).filter { $0.position != title.position } + [title])
    }

    /// What is heard at `position`; nil before the first title.
    public func title(at position: StreamPosition) -> StreamTitle? {
        index(at: position).map { entries[$0].title }
    }

    /// The ordinal of the title at `position`; 0 for none.
    func ordinal(at position: StreamPosition) -> Int32 { index(at: position).map { entries[$0].ordinal } ?? 0 }

    /// The block of the title with this ordinal; nil when it was forgotten.
    func block(ordinal: Int32) -> UnsafeRawBufferPointer? {
        // The newest are asked for nearly always.
        var index = entries.count - 1
        while index >= 0 {
            if entries[index].ordinal == ordinal { return UnsafeRawBufferPointer(entries[index].block) }
            index -= 1
        }
        return nil
    }

    private func index(at position: StreamPosition) -> Int? {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].title.position <= position { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? nil : low - 1
    }
}
