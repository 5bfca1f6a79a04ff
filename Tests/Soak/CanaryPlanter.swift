/// Plants one defect into what the first player hears, for the checks to find.
final class CanaryPlanter {
    enum Effect { case none, deaf }

    /// When it is planted: players have sound by then. **Units:** s.
    static let atSeconds = 8.0
    /// How long all others have to notice what one has. **Units:** s.
    static let othersSeconds = 2.0
    private let canary: Canary
    private var isPlanted = false

    init(_ canary: Canary) { self.canary = canary }

    /// Whether the player is to hear nothing now.
    func effect(on player: Player, at seconds: Double) -> Effect {
        canary == .silence && player.number == 0 && (Self.atSeconds...Self.atSeconds + 9).contains(seconds)
            ? .deaf : .none
    }

    /// The player's sound with the defect; nil to leave it.
    func changed(_ sound: UnsafeRawBufferPointer, of player: Player, at seconds: Double) -> [UInt8]? {
        guard !isPlanted, player.number == 0, seconds >= Self.atSeconds, sound.count > 1_000 else { return nil }
        var bytes = Array(sound)
        switch canary {
        case .byte: bytes[bytes.count / 2] ^= 1
        case .skip: bytes.removeSubrange(100..<(100 + 384))
        case .cut, .silence: return nil
        }
        isPlanted = true
        return bytes
    }
}
