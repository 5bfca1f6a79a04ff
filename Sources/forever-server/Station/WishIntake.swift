import ForeverCore

/// Takes the lists by file, and sees that what was wished for comes to hand. **Thread:** the housekeeping's.
package struct WishIntake: Sendable {
    private let finder: WishFinder
    private let crate: Crate
    private let wishes: WishDesk
    private let files: DataFiles
    private let rules: RulesBoard
    private let say: @Sendable (String) -> Void
    private var lists = WishFiles()
    /// Wishes for tracks that were not at hand at the last look.
    private var missing: Set<Int64> = []

    package init(
        finder: WishFinder, crate: Crate, wishes: WishDesk, files: DataFiles, rules: RulesBoard,
        say: @escaping @Sendable (String) -> Void
    ) {
        self.finder = finder
        self.crate = crate
        self.wishes = wishes
        self.files = files
        self.rules = rules
        self.say = say
    }

    /// Brings tracks that were wished for before a restart to hand; what never can be is taken off the list.
    package func fetch() {
        for wish in wishes.list.wishes where crate[wish.trackID]?.isNever != false {
            guard let refusal = finder.again(wish.trackID), wishes.cancel(wish.id) else { continue }
            say("no longer wished for: \(wish.trackID): \(refusal)")
        }
    }

    /// Another program has changed the list.
    package func reload() {
        wishes.reload()
        fetch()
    }

    /// Takes what stands in the two files, and tells the mixer of wishes whose tracks have come.
    package mutating func look() {
        let now = rules.now
        take(now.injectFile ?? files.injectList, .next)
        take(now.mustMixFile ?? files.mustMixList, .mustMix)
        let list = wishes.list.wishes
        for wish in list where missing.contains(wish.id) && crate[wish.trackID] != nil { wishes.arrived(wish) }
        missing = Set(list.filter { crate[$0.trackID] == nil }.map(\.id))
    }

    private mutating func take(_ path: String, _ kind: WishList.Kind) {
        for line in lists.take(path, say: say) {
            do throws(WishFinder.Refusal) {
                let track = try finder.find(line)
                say("\(path): \(ask(kind, for: track))")
            } catch {
                say("\(path): \"\(line)\": \(error)")
            }
        }
    }

    private func ask(_ kind: WishList.Kind, for track: Track) -> String {
        let name = track.facts.spokenName
        do {
            guard try wishes.ask(kind, for: track.id) != nil else { return "too many wishes, \(name) is left out" }
            return "\(name) \(kind.spoken)"
        } catch {
            return "\(name): \(error)"
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
