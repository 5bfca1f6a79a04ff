import Synchronization

/// The first page of a ring file: what the ring is, and how far it is written.
///
/// Words of 64 bits, little endian, at fixed places. Only the edge, the anchor choice and the anchors change while a
/// ring is in use. A kill at any moment leaves either the old or the new value of each word.
struct RingHeader {
    /// "FOREVER" in memory order, then the version of this layout
    static let magic: UInt64 = 0x01_52_45_56_45_52_4F_46
    static let bytes = 65_536

    enum Word: Int {
        case magic, epoch, bitrateKbps, capacity, first, edge, anchorChoice
        case anchors  // two anchors of three words each
        case live = 13
    }

    private let base: UnsafeMutableRawPointer

    init(_ base: UnsafeMutableRawPointer) { self.base = base }

    subscript(_ word: Word) -> Int64 {
        get { base.load(fromByteOffset: word.rawValue * 8, as: Int64.self) }
        nonmutating set { base.storeBytes(of: newValue, toByteOffset: word.rawValue * 8, as: Int64.self) }
    }

    /// The word as something that threads share.
    func atomic(_ word: Word) -> UnsafeMutablePointer<Atomic<Int64>> {
        (base + word.rawValue * 8).assumingMemoryBound(to: Atomic<Int64>.self)
    }

    /// The last saved anchor; nil when there is none.
    var anchor: LiveAnchor? {
        let choice = atomic(.anchorChoice).pointee.load(ordering: .acquiring)
        guard choice == 1 || choice == 2 else { return nil }
        let place = base + (Word.anchors.rawValue + 3 * Int(choice - 1)) * 8
        return LiveAnchor(
            position: place.load(as: Int64.self), monotonicNanoseconds: place.load(fromByteOffset: 8, as: Int64.self),
            wallMilliseconds: place.load(fromByteOffset: 16, as: Int64.self))
    }

    /// Saves an anchor in the place not in use, then chooses that place: a kill in between keeps the old one.
    func save(_ anchor: LiveAnchor?) {
        let choice = atomic(.anchorChoice)
        guard let anchor else { return choice.pointee.store(0, ordering: .releasing) }
        let next: Int64 = choice.pointee.load(ordering: .relaxed) == 1 ? 2 : 1
        let place = base + (Word.anchors.rawValue + 3 * Int(next - 1)) * 8
        place.storeBytes(of: anchor.position, as: Int64.self)
        place.storeBytes(of: anchor.monotonicNanoseconds, toByteOffset: 8, as: Int64.self)
        place.storeBytes(of: anchor.wallMilliseconds, toByteOffset: 16, as: Int64.self)
        choice.pointee.store(next, ordering: .releasing)
    }
}
