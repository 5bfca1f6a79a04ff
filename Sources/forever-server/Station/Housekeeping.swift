import ForeverCatalogue
import Foundation

/// What every station does now and then, whatever it plays: takes wishes, notices a catalogue that was put back, and
/// reads a large one through. **Thread:** its own, at low priority.
package final class Housekeeping: Sendable {
    /// How often it is asked whether somebody has changed the catalogue or written a list. **Units:** s.
    static let lookSeconds = 2.0
    /// How often it is seen to that what was wished for is at hand. **Units:** s.
    static let fetchSeconds = 60.0
    /// The longest sleep, so that a stop is seen soon. **Units:** s.
    static let napSeconds = 0.25

    private let shelf: LibraryShelf
    private let intake: WishIntake
    /// A backup was put back.
    private let restored: @Sendable () -> Void

    package init(shelf: LibraryShelf, intake: WishIntake, restored: @escaping @Sendable () -> Void) {
        self.shelf = shelf
        self.intake = intake
        self.restored = restored
    }

    package func run(isStopped: () -> Bool) {
        var intake = intake
        intake.fetch()
        var isChecked = false
        var nextLook = now
        var nextFetch = now + Housekeeping.fetchSeconds
        while !isStopped() {
            if now >= nextLook {
                nextLook = now + Housekeeping.lookSeconds
                intake.look()
                if (try? shelf.catalogue.takeForeignChange()) == true { takeUpRestored(intake) }
            } else if now >= nextFetch {
                nextFetch = now + Housekeeping.fetchSeconds
                intake.fetch()
            } else if !isChecked, shelf.crate.counts().known > 0 {
                // The music goes first.
                isChecked = true
                shelf.catalogue.checkWhole()
            } else {
                Thread.sleep(forTimeInterval: Housekeeping.napSeconds)
            }
        }
    }

    private var now: Double { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }

    /// What people said in the backup holds.
    private func takeUpRestored(_ intake: WishIntake) {
        shelf.say("the catalogue was changed by another program: it is read again")
        shelf.takeUp(shelf.analyst.corrections.reload())
        intake.reload()
        restored()
    }
}
