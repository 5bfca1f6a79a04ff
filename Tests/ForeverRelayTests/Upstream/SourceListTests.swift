import ForeverHTTP
import ForeverRelay
import Testing

private let second: Int64 = 1_000_000_000

private func source(_ id: String?) -> PullSource {
    PullSource(id: id, address: HTTPAddress("http://\(id ?? "root"):1/all.mp3")!)
}

@Suite struct SourceListTests {
    private let root = source(nil)
    private let a = source("a")
    private let b = source("b")
    private var generator = SeededGenerator(3)
    private var list = SourceList(root: source(nil))

    init() { list.replace(with: [source("a"), source(nil), source("b")], now: 0, using: &generator) }

    private func step(
        main: PullSource? = nil, last: Int64 = 0, asked: [(source: PullSource, sinceNanoseconds: Int64)] = [],
        _ now: Int64
    ) -> SourceList.Step {
        list.step(.init(main: main, lastByteNanoseconds: last, asked: asked), now: now)
    }

    @Test mutating func asksInTheOrderGivenAndTheNextAtOnce() {
        #expect(step(0) == .ask(a))
        list.failed(a, .refused, now: 0, using: &generator)
        #expect(step(0) == .ask(root))
        list.failed(root, .silent, now: 0, using: &generator)
        #expect(step(0) == .ask(b))
        list.failed(b, .refused, now: 0, using: &generator)
        guard case .wait(let until) = step(0) else {
            Issue.record("a tight loop")
            return
        }
        #expect(until >= second / 8 && until <= second / 4)
        // The first whose time comes.
        guard case .ask = step(until) else {
            Issue.record("nobody is asked")
            return
        }
    }

    @Test mutating func aCutIsTriedAgainOnceBeforeTheOthersAre() {
        list.failed(a, .cut, now: 0, using: &generator)
        guard case .wait(let until) = step(0) else {
            Issue.record("not waited for")
            return
        }
        #expect(step(until) == .ask(a))
        list.failed(a, .cut, now: until, using: &generator)
        #expect(step(until) == .ask(root))
        list.worked(a)
        #expect(step(until) == .ask(a))
    }

    @Test mutating func aSilentOneIsReplacedAndNobodyIsAskedWhileSoundComes() {
        #expect(step(main: a, last: 0, 4 * second) == .wait(untilNanoseconds: 5 * second))
        list.failed(a, .silent, now: 5 * second, using: &generator)
        #expect(step(main: a, last: 0, 5 * second) == .ask(root))
        // Not two at once until the first has had time to answer; never three.
        let one = [(source: root, sinceNanoseconds: 5 * second)]
        #expect(step(main: a, last: 0, asked: one, 6 * second) == .wait(untilNanoseconds: 7 * second))
        #expect(step(main: a, last: 0, asked: one, 7 * second) == .ask(b))
        let two = one + [(source: b, sinceNanoseconds: 7 * second)]
        #expect(step(main: a, last: 0, asked: two, 9 * second) == .wait(untilNanoseconds: 10 * second))
    }

    @Test mutating func goesBackToTheFirstAtAQuietMoment() {
        list.settled(now: 0, using: &generator)
        guard case .wait(let moving) = step(main: root, last: 100 * second, 100 * second - 1) else {
            #expect(step(main: root, last: 100 * second, 100 * second - 1) == .ask(a))
            return
        }
        #expect(moving <= 16 * second)
    }

    @Test mutating func waitsLongerEachTimeUpToALimitAndForgives() {
        var now: Int64 = 0
        var waits: [Int64] = []
        for _ in 0..<(SourceList.patientFailures + 2) {
            for one in [a, root, b] { list.failed(one, .refused, now: now, using: &generator) }
            guard case .wait(let until) = step(now) else {
                Issue.record("a tight loop")
                return
            }
            waits.append(until - now)
            now = until
        }
        let patient = waits.dropLast(3)
        #expect(patient.allSatisfy { $0 <= 2 * second } && patient.suffix(10).allSatisfy { $0 >= second })
        #expect(waits.last ?? 0 >= 5 * second && waits.allSatisfy { $0 <= 10 * second })
        list.forgive()
        #expect(step(now) == .ask(a))
    }

    @Test mutating func theRootIsNeverLostAndTheListIsBounded() {
        list.replace(with: (0..<20).map { source("r\($0)") }, now: 0, using: &generator)
        #expect(list.sources.count <= SourceList.sourcesMax + 1 && list.sources.contains(root))
        for number in 0..<20 { list.prefer(source("s\(number)")) }
        #expect(list.sources.count <= SourceList.sourcesMax + 1 && list.sources.contains(root))
        #expect(list.sources.first == source("s19"))
        list.replace(with: [a, a, root], now: 0, using: &generator)
        #expect(list.sources == [a, root])
    }

    @Test mutating func troubleIsRememberedWhenTheListIsRenewed() {
        list.failed(a, .refused, now: 0, using: &generator)
        list.replace(with: [a, root], now: 0, using: &generator)
        #expect(step(0) == .ask(root))
    }
}

@Suite struct ConflictRuleTests {
    private let own = Epoch(bits: 1)
    private let other = Epoch(bits: 2)

    private func verdict(
        _ epoch: Epoch?, isRoot: Bool = false, root: Epoch? = nil, left: [Epoch] = [], isIdle: Bool = false
    ) -> ConflictRule.Verdict {
        ConflictRule.verdict(epoch: epoch, isRoot: isRoot, own: own, root: root, left: left, isIdle: isIdle)
    }

    @Test func aSourceThatIsBehindIsPassedOver() {
        #expect(verdict(own) == .passOver)
        #expect(verdict(own, isRoot: true) == .passOver)
        #expect(verdict(own, isRoot: true, isIdle: true) == .askFresh)
        #expect(verdict(nil) == .passOver)
    }

    @Test func theRootDecidesWhatIsPlayed() {
        #expect(verdict(other, isRoot: true) == .askFresh)
        #expect(verdict(other) == .passOver, "a relay may be the one that is late")
        #expect(verdict(other, root: other) == .askFresh)
        #expect(verdict(other, isIdle: true) == .askFresh, "better than nothing")
        #expect(verdict(other, left: [other], isIdle: true) == .passOver, "no way back")
    }
}
