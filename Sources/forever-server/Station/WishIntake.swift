import ForeverCore

/// Finds the tracks that people name, and takes the lists by file. **Thread:** the scan's.
package struct WishIntake: Sendable {
    let shelf: LibraryShelf
    let wishes: WishDesk
    let files: DataFiles
    let rules: RulesBoard
    private var lists = WishFiles()

    package init(shelf: LibraryShelf, wishes: WishDesk, files: DataFiles, rules: RulesBoard) {
        self.shelf = shelf
        self.wishes = wishes
        self.files = files
        self.rules = rules
    }

    /// Brings tracks that were wished for before a restart into the crate; what this station cannot play is taken off the
    /// list.
    func fetch() {
        for wish in wishes.list.wishes {
            guard let entry = shelf.find(wish.trackID), let refusal = shelf.refusal(ofWishFor: entry) else { continue }
            if wishes.cancel(wish.id) { shelf.say("no longer wished for: \(entry.track.facts.spokenName): \(refusal)") }
        }
    }

    /// Another program has changed the list.
    func reload() {
        wishes.reload()
        fetch()
    }

    /// Takes what stands in the two files.
    mutating func look() {
        let now = rules.now
        take(now.injectFile ?? files.injectList, .next)
        take(now.mustMixFile ?? files.mustMixList, .mustMix)
    }

    private mutating func take(_ path: String, _ kind: WishList.Kind) {
        for line in lists.take(path, say: shelf.say) {
            guard let entry = shelf.find(line) else {
                shelf.say("\(path): no track \"\(line)\" is known")
                continue
            }
            if let refusal = shelf.refusal(ofWishFor: entry) {
                shelf.say("\(path): \(entry.track.spokenOrigin): \(refusal)")
                continue
            }
            let name = entry.track.facts.spokenName
            do {
                let isTaken = try wishes.ask(kind, for: entry.track.id) != nil
                shelf.say(isTaken ? "\(path): \(name) \(kind.spoken)" : "\(path): too many wishes, \(name) is left out")
            } catch {
                shelf.say("\(path): \(name): \(error)")
            }
        }
    }
}

extension WishList.Kind {
    fileprivate var spoken: String {
        switch self {
        case .next: "plays next"
        case .mustMix: "is mixed in soon"
        }
    }
}
