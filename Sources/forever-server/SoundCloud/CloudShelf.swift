import ForeverCodec
import ForeverCore
import ForeverMix
import Foundation
import Synchronization

/// The sound of SoundCloud tracks that are about to play: in memory only, dropped after the play. **Thread:** any.
package final class CloudShelf: Sendable {
    /// One track with everything that is dropped together with its sound.
    package struct Item: Sendable {
        package var track: Track
        package var cloud: CloudTrack
        package var bytes: [UInt8]
        /// nil while it is being made: whoever waits for the sound alone has it earlier.
        package var analysis: TrackAnalysis?
        package var picture: [UInt8]?
        /// When it was last seen to be allowed. **Units:** s since 1970.
        package var checkedSeconds: Double
    }

    private struct State {
        var items: [CloudURN: Item] = [:]
        /// Whose sound somebody waits for.
        var wishes: [CloudURN] = []
    }

    /// How long whoever opens a track waits for its sound: a restart needs what was playing. **Units:** s.
    static let patienceSeconds = 12.0
    static let wishesMax = 8

    private let state = Mutex(State())

    package init() {}

    package var urns: Set<CloudURN> { state.withLock { Set($0.items.keys) } }
    package var byteCount: Int { state.withLock { $0.items.values.reduce(0) { $0 + $1.bytes.count } } }
    package subscript(urn: CloudURN) -> Item? { state.withLock { $0.items[urn] } }

    package func put(_ item: Item) {
        state.withLock { state in
            state.items[item.cloud.id] = item
            state.wishes.removeAll { $0 == item.cloud.id }
        }
    }

    package func drop(_ urn: CloudURN) { state.withLock { $0.items[urn] = nil } }

    func checked(_ urn: CloudURN, atSeconds seconds: Double) {
        state.withLock { $0.items[urn]?.checkedSeconds = seconds }
    }

    /// The next that somebody waits for; it stays wished for until it is here or given up.
    func wish() -> CloudURN? { state.withLock { $0.wishes.first } }

    func isWished(_ urn: CloudURN) -> Bool { state.withLock { $0.wishes.contains(urn) } }

    func giveUp(_ urn: CloudURN) { state.withLock { $0.wishes.removeAll { $0 == urn } } }

    /// The track's sound; waits for it where it is not here.
    ///
    /// **Errors:** `SoundNotAtHand` after `patienceSeconds`, or when it was given up; bytes that nobody can play.
    func open(_ urn: CloudURN) throws -> any SampleSource {
        let end = ContinuousClock.now + .seconds(CloudShelf.patienceSeconds)
        var isWished = false
        while true {
            if let item = self[urn] { return try AudioFile(bytes: item.bytes, name: "\(urn)") }
            let stillWished = state.withLock { state -> Bool in
                if !isWished, state.wishes.count < CloudShelf.wishesMax { state.wishes.append(urn) }
                return state.wishes.contains(urn)
            }
            isWished = true
            guard stillWished, ContinuousClock.now < end else {
                giveUp(urn)
                throw SoundNotAtHand(urn: urn)
            }
            Thread.sleep(forTimeInterval: 0.02)
        }
    }

    func analysis(contentKey: String) -> TrackAnalysis? {
        state.withLock { state in
            state.items.values.first { CloudShelf.contentKey($0.cloud.id, $0.bytes) == contentKey }?.analysis
        }
    }

    /// What a sound's analysis is found by. The same number may bring another sound, when the uploader replaces it.
    static func contentKey(_ urn: CloudURN, _ bytes: [UInt8]) -> String { "\(urn):\(bytes.count)" }

    /// The track's name alone where it is one of SoundCloud's; any other content as it is.
    static func name(ofContent content: String) -> String {
        guard content.hasPrefix(contentPrefix), let end = content.lastIndex(of: ":"),
            let urn = CloudURN(text: String(content[..<end]))
        else { return content }
        return "\(urn)"
    }

    /// How all of them begin.
    static let contentPrefix = "soundcloud:"
}
