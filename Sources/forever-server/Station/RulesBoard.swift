import Synchronization

/// The rules that hold now, for every thread. **Thread:** any.
package final class RulesBoard: Sendable {
    private let rules: Mutex<HouseRules>

    package init(_ rules: HouseRules) { self.rules = Mutex(rules) }

    package var now: HouseRules { rules.withLock { $0 } }

    /// **Returns** whether that changes anything.
    package func replace(with new: HouseRules) -> Bool {
        rules.withLock { rules in
            defer { rules = new }
            return rules != new
        }
    }
}
