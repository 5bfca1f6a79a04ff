import ForeverCatalogue
import ForeverCore
import Foundation
import Synchronization

/// What people ask the mix for, and what it answers. **Thread:** any; the mixer takes and answers.
package final class WishDesk: Sendable {
    /// Questions that wait for the mixer at most; it looks several times a second.
    package static let questionsMax = 64

    /// Something that the mixer does at its next look.
    package enum Question: Sendable {
        /// A wish is on the list.
        case wish(WishList.Wish)
        /// The track is not to be heard any more, if it can be helped.
        case leave(trackID: String)

        /// 0 where there is none.
        package var wishID: Int64 {
            if case .wish(let wish) = self { return wish.id }
            return 0
        }
    }

    /// What becomes of it.
    package struct Answer: Hashable, Sendable {
        /// Output frame from which it is heard, and its title shown, where that is decided.
        package var startFrame: Int64?
        package var titleFrame: Int64?
        /// Output frame before which nothing of it can be heard.
        package var notBeforeFrame: Int64
    }

    /// Gets the answer and the wish's number, 0 where there is none.
    package typealias Reply = @Sendable (Answer, Int64) -> Void

    private struct State {
        var list = WishList()
        var questions: [(Question, Reply)] = []
        /// Tracks decided since the oldest wish that must be mixed came.
        var waited = 0
    }

    private let catalogue: Catalogue
    private let state: Mutex<State>

    /// With the wishes that the catalogue keeps.
    package init(catalogue: Catalogue) {
        self.catalogue = catalogue
        state = Mutex(State())
        reload()
    }

    /// Reads the catalogue again, which somebody else has changed.
    package func reload() {
        let kept = ((try? catalogue.wishes()) ?? []).compactMap { record in
            WishList.Kind(rawValue: record.kind).map { WishList.Wish(id: record.id, kind: $0, trackID: record.trackID) }
        }
        state.withLock { $0.list = WishList(kept) }
    }

    package var list: WishList { state.withLock { $0.list } }

    /// Puts a wish on the list. **Returns** its number; nil when there are too many. **Errors:** the catalogue's.
    package func ask(_ kind: WishList.Kind, for trackID: String, reply: @escaping Reply = { _, _ in }) throws -> Int64?
    {
        let record = WishRecord(
            kind: kind.rawValue, trackID: trackID, askedMilliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
        guard state.withLock({ $0.questions.count < WishDesk.questionsMax }),
            let id = try catalogue.addWish(record)
        else { return nil }
        let wish = WishList.Wish(id: id, kind: kind, trackID: trackID)
        state.withLock { state in
            state.list.add(wish)
            state.questions.append((.wish(wish), reply))
        }
        return id
    }

    /// A track that was wished for is at hand now: the mixer looks at the wish again.
    package func arrived(_ wish: WishList.Wish) {
        state.withLock { state in
            guard state.questions.count < WishDesk.questionsMax else { return }
            state.questions.append((.wish(wish), { _, _ in }))
        }
    }

    /// Takes the wishes for a track off the list that can never be fulfilled. **Returns** whether there were any.
    package func cancel(forTrack trackID: String) -> Bool {
        let ids = list.wishes.filter { $0.trackID == trackID }.map(\.id)
        return ids.filter { cancel($0) }.count > 0
    }

    /// Asks the mix to leave a track. False when too many wait for an answer.
    package func leave(_ trackID: String, reply: @escaping Reply) -> Bool {
        state.withLock { state in
            guard state.questions.count < WishDesk.questionsMax else { return false }
            state.questions.append((.leave(trackID: trackID), reply))
            return true
        }
    }

    /// Takes a wish off the list. **Returns** whether it was there.
    package func cancel(_ id: Int64) -> Bool {
        guard state.withLock({ $0.list.remove(id) }) != nil else { return false }
        _ = try? catalogue.removeWish(id)
        return true
    }

    /// What came since the last look. **Thread:** the mixer's.
    package func takeQuestions() -> [(Question, Reply)] {
        state.withLock { state in
            defer { state.questions.removeAll() }
            return state.questions
        }
    }

    /// The track is decided: a wish for it is fulfilled.
    ///
    /// - isHere: whether a track is at hand; only those wait their turn
    package func decided(_ trackID: String, isHere: (String) -> Bool) {
        let fulfilled = state.withLock { state in
            state.waited = state.list.only(isHere).first(.mustMix) == nil ? 0 : state.waited + 1
            let wish = state.list.fulfil(trackID: trackID)
            if wish?.kind == .mustMix { state.waited = 0 }
            return wish
        }
        if let fulfilled { _ = try? catalogue.removeWish(fulfilled.id) }
    }

    package var waited: Int { state.withLock { $0.waited } }
}
