/// Whom a relay asks for the next byte, in which order and when. Pure: time and randomness are handed in.
///
/// The sources stand in the order in which the root wants them to be tried. While one of them brings sound the others are
/// left alone, but for the first, to which the relay goes back at a quiet moment. When it is silent or gone, the next is
/// asked at once; one that failed waits, longer each time, so none is asked in a tight loop.
package struct SourceList {
    /// Sources kept at most.
    package static let sourcesMax = 8
    /// A source without a byte for so long is silent: another is asked, while its connection may still come back.
    package static let silenceNanosecondsMax: Int64 = 5_000_000_000
    /// Who was asked and has brought no sound within this time is not waited for alone.
    package static let answerNanosecondsMax: Int64 = 2_000_000_000
    /// Asked at the same time.
    package static let asksMax = 2
    /// After a change of sources, before it goes back to a better one: so long, and up to as long again.
    package static let quietNanoseconds: Int64 = 8_000_000_000
    /// After the root named a better one: at most so long, so that a parent's children do not all come in one moment.
    package static let spreadNanosecondsMax: Int64 = 3_000_000_000
    /// A source that is behind is asked again after so long.
    package static let behindNanoseconds: Int64 = 2_000_000_000

    /// A source that has failed is asked again after this at most, so that an outage shorter than the lead is not heard;
    /// from the `patientFailures`th failure on it is `Backoff.secondsMax`.
    package static let waitSecondsMax = 2.0
    package static let patientFailures = 60

    /// Why a source is not asked for a while.
    package enum Trouble {
        /// it brought sound, and the connection ended
        case cut
        /// nothing came
        case silent
        /// it cannot be reached, says no, or sends what is no sound
        case refused
        /// it does not have the next byte yet
        case behind
        /// it does not have the next byte any more
        case gap
    }

    /// What is under way at a relay.
    package struct Situation {
        /// the source that brings sound
        package var main: PullSource?
        package var lastByteNanoseconds: Int64
        /// others that were asked, and when, in the order of asking
        package var asked: [(source: PullSource, sinceNanoseconds: Int64)]

        package init(
            main: PullSource? = nil, lastByteNanoseconds: Int64 = 0,
            asked: [(source: PullSource, sinceNanoseconds: Int64)] = []
        ) {
            self.main = main
            self.lastByteNanoseconds = lastByteNanoseconds
            self.asked = asked
        }
    }

    /// What is to be done.
    package enum Step: Hashable {
        case ask(PullSource)
        /// nothing, until then or until something happens
        case wait(untilNanoseconds: Int64)
    }

    private struct Entry {
        var source: PullSource
        var backoff = Backoff()
        var dueNanoseconds = Int64.min
        /// in a row
        var failures = 0
        /// since it last brought sound for a while
        var wasCut = false
    }

    private var entries: [Entry]
    private var quietUntilNanoseconds = Int64.min

    /// The root alone, until it names others.
    package init(root: PullSource) { entries = [Entry(source: root)] }

    /// In the order in which they are to be tried.
    package var sources: [PullSource] { entries.map(\.source) }

    private func index(_ source: PullSource) -> Int? { entries.firstIndex { $0.source.isSame(as: source) } }

    // MARK: What to do

    package func step(_ situation: Situation, now: Int64) -> Step {
        if let main = situation.main, now - situation.lastByteNanoseconds < Self.silenceNanosecondsMax {
            let silent = situation.lastByteNanoseconds + Self.silenceNanosecondsMax
            guard situation.asked.isEmpty, let best = entries.first, !best.source.isSame(as: main) else {
                return .wait(untilNanoseconds: silent)
            }
            let moving = max(quietUntilNanoseconds, best.dueNanoseconds)
            return moving <= now ? .ask(best.source) : .wait(untilNanoseconds: min(silent, moving))
        }
        if let first = situation.asked.first, let last = situation.asked.last {
            if situation.asked.count >= Self.asksMax {
                return .wait(untilNanoseconds: first.sinceNanoseconds + Self.silenceNanosecondsMax)
            }
            let impatient = last.sinceNanoseconds + Self.answerNanosecondsMax
            if now < impatient { return .wait(untilNanoseconds: impatient) }
        }
        let free = entries.filter { entry in !situation.asked.contains { $0.source.isSame(as: entry.source) } }
        // Those that have not failed in their order, then whose time comes first. When all have been asked one is asked
        // again: it may have come back, and what it was asked before is lost.
        let pool = free.isEmpty ? entries : free
        let next = pool.first { $0.failures == 0 } ?? pool.min { $0.dueNanoseconds < $1.dueNanoseconds }
        guard let next else {
            return .wait(untilNanoseconds: now + Self.answerNanosecondsMax)
        }
        return next.dueNanoseconds <= now ? .ask(next.source) : .wait(untilNanoseconds: next.dueNanoseconds)
    }

    /// Whether another has not been tried since it last worked, and might do better.
    package func hasUntried(beside source: PullSource) -> Bool {
        entries.contains { $0.failures == 0 && !$0.source.isSame(as: source) }
    }

    // MARK: What happened

    package mutating func failed(
        _ source: PullSource, _ trouble: Trouble, now: Int64, using generator: inout some RandomNumberGenerator
    ) {
        guard let index = index(source) else { return }
        if trouble == .cut, !entries[index].wasCut {
            // A connection may end by itself: once it is asked again before the others are.
            entries[index].wasCut = true
        } else {
            entries[index].failures += 1
        }
        let limit =
            entries[index].failures < Self.patientFailures
            ? Self.waitSecondsMax * Double.random(in: 0.75...1, using: &generator) : Backoff.secondsMax
        let wait =
            trouble == .behind
            ? Double.random(in: 0.5...1, using: &generator) * Double(Self.behindNanoseconds)
            : min(entries[index].backoff.next(using: &generator), limit) * 1e9
        entries[index].dueNanoseconds = now + Int64(wait)
    }

    /// It has brought sound for a while.
    package mutating func worked(_ source: PullSource) {
        guard let index = index(source) else { return }
        entries[index] = Entry(source: entries[index].source)
    }

    /// Sound comes from another source than before.
    package mutating func settled(now: Int64, using generator: inout some RandomNumberGenerator) {
        let quiet = Double(Self.quietNanoseconds) * Double.random(in: 1...2, using: &generator)
        quietUntilNanoseconds = now + Int64(quiet)
    }

    /// Everybody may be asked at once: somebody waits for sound.
    package mutating func forgive() { entries = entries.map { Entry(source: $0.source) } }

    /// Takes over what the root says; the root itself is never lost.
    package mutating func replace(
        with sources: [PullSource], now: Int64, using generator: inout some RandomNumberGenerator
    ) {
        let before = entries
        let root = before.first { $0.source.isRoot }
        entries = []
        for source in sources.prefix(Self.sourcesMax) where index(source) == nil {
            var entry = before.first { $0.source.isSame(as: source) } ?? Entry(source: source)
            entry.source = source
            entries.append(entry)
        }
        if let root, !entries.contains(where: { $0.source.isRoot }) { entries.append(root) }
        if let first = entries.first, before.first.map({ !$0.source.isSame(as: first.source) }) ?? true {
            let spread = Int64.random(in: 0...Self.spreadNanosecondsMax, using: &generator)
            quietUntilNanoseconds = max(quietUntilNanoseconds, now + spread)
        }
    }

    /// Puts one to the front: the root has just sent us there.
    package mutating func prefer(_ source: PullSource) {
        entries.removeAll { $0.source.isSame(as: source) }
        entries.insert(Entry(source: source), at: 0)
        guard entries.count > Self.sourcesMax, let last = entries.lastIndex(where: { !$0.source.isRoot }) else {
            return
        }
        entries.remove(at: last)
    }
}
