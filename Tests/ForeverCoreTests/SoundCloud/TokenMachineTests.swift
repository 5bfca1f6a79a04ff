import ForeverCore
import Testing

@Suite struct TokenMachineTests {
    private func machine(token: CloudToken? = nil) -> TokenMachine {
        var machine = TokenMachine(record: TokenRecord(clientID: "id"))
        if let token { machine.granted(token) }
        return machine
    }

    private func token(_ access: String = "a", refresh: String? = "r", life: Double = 3_599, at now: Double = 0)
        -> CloudToken
    {
        CloudToken(access: access, refresh: refresh, lifeSeconds: life, nowSeconds: now)
    }

    @Test func aTokenIsUsedUntilShortlyBeforeItsEnd() {
        let machine = machine(token: token())
        #expect(machine.advice(nowSeconds: 3_500) == .use("a"))
        #expect(machine.advice(nowSeconds: 3_540) == .refresh("r"))
        #expect(machine.advice(nowSeconds: 99_999) == .refresh("r"))
    }

    @Test func withoutAnythingAGrantIsMade() {
        #expect(machine().advice(nowSeconds: 0) == .grant)
        #expect(machine(token: token(refresh: nil)).advice(nowSeconds: 3_600) == .grant)
    }

    @Test func aRejectedTokenIsRenewedOnce() {
        var machine = machine(token: token())
        machine.rejected("a")
        #expect(machine.advice(nowSeconds: 10) == .refresh("r"))
        machine.granted(token("b", refresh: "s", at: 10))
        machine.rejected("a")
        #expect(machine.advice(nowSeconds: 10) == .use("b"), "another has renewed it meanwhile")
    }

    @Test func aUsedRefreshTokenLeadsToOneGrant() {
        var machine = machine(token: token())
        machine.refused(.refreshUsedTwice, nowSeconds: 3_560)
        #expect(machine.advice(nowSeconds: 3_560) == .grant)
    }

    @Test func aRefusalForTooManyIsWaitedOut() {
        var machine = machine(token: token())
        machine.refused(.tokenWait(until: 5_000), nowSeconds: 3_550)
        #expect(machine.advice(nowSeconds: 3_551) == .use("a"), "what is left of the token serves")
        #expect(machine.advice(nowSeconds: 3_600) == .wait(until: 5_000))
        #expect(machine.advice(nowSeconds: 5_000) == .refresh("r"))
    }

    @Test func aClockThatIsPutBackEndsTheWait() {
        var machine = machine(token: token(refresh: nil))
        machine.refused(.tokenWait(until: 9_000), nowSeconds: 8_000)
        machine.forgetTimes()
        #expect(machine.advice(nowSeconds: 4_000) == .grant)
    }

    @Test func anOutageChangesNothing() {
        var machine = machine(token: token())
        machine.refused(.outage(status: 503), nowSeconds: 3_560)
        #expect(machine.advice(nowSeconds: 3_561) == .refresh("r"))
    }

    @Test func grantsStayBelowWhatSoundCloudAllows() {
        var machine = machine()
        var grants: [Double] = []
        for minute in stride(from: 0.0, to: 24 * 3_600, by: 60) {
            if machine.advice(nowSeconds: minute) == .grant {
                machine.grantBegins(nowSeconds: minute)
                grants.append(minute)
            }
        }
        for start in grants {
            #expect(grants.filter { $0 >= start && $0 < start + 3_600 }.count <= 30)
            #expect(grants.filter { $0 >= start && $0 < start + 43_200 }.count <= 50)
        }
        #expect(grants.count >= 80, "what is allowed is used: \(grants.count)")
    }

    @Test func aClockThatIsPutBackDoesNotLockUsOut() {
        var machine = machine()
        for _ in 0..<30 { machine.grantBegins(nowSeconds: 1e6) }
        #expect(machine.advice(nowSeconds: 5e5) == .grant)
    }

    @Test func playsAreCountedByTheDay() {
        var book = PlayBook()
        for _ in 0..<CloudLimits.playsPerDayMax { book.count(nowSeconds: 100) }
        #expect(book.waitUntil(nowSeconds: 200) == 86_500.0)
        #expect(book.waitUntil(nowSeconds: 86_501) == nil)
        book.count(nowSeconds: 90_000)
        #expect(book.plays == 1 && book.windowBegan == 90_000)
    }

    @Test func waitsDoubleUpToTheLongestAndDiffer() {
        var generator = SeededGenerator(seed: 1)
        var backoff = Backoff(2...300)
        let waits = (0..<20).map { _ in backoff.failed(using: &generator) }
        #expect((1...2).contains(waits[0]) && (2...4).contains(waits[1]) && (150...300).contains(waits[19]))
        #expect(Set(waits).count == 20)
        backoff.succeeded()
        #expect(backoff.failed(using: &generator) <= 2)
    }

    @Test func theGateClosesForWhatIsWrong() {
        var gate = CloudGate(seed: 1)
        gate.failed(.notFound, nowSeconds: 100)
        #expect(gate.isOpen(nowSeconds: 100))
        gate.failed(.playQuota(until: 5_000), nowSeconds: 100)
        #expect(gate.isOpen(nowSeconds: 101) && !gate.isOpenForPlays(nowSeconds: 4_999))
        #expect(gate.isOpenForPlays(nowSeconds: 5_000))
        gate.failed(.outage(status: 503), nowSeconds: 6_000)
        #expect(!gate.isOpen(nowSeconds: 6_000.5) && gate.isOpen(nowSeconds: 6_002))
        gate.failed(.front(status: 403), nowSeconds: 7_000)
        #expect(!gate.isOpen(nowSeconds: 7_029) && gate.isOpen(nowSeconds: 7_061))
        gate.failed(.tooFast(until: 9_000), nowSeconds: 8_000)
        #expect(!gate.isOpen(nowSeconds: 8_999) && gate.isOpen(nowSeconds: 9_000))
        gate.failed(.tooFast(until: 20_000), nowSeconds: 9_000)
        gate.forgetTimes()
        #expect(gate.isOpen(nowSeconds: 500), "the clock was put back")
        gate.failed(.front(status: 503, until: 8_900), nowSeconds: 500)
        #expect(!gate.isOpen(nowSeconds: 8_899) && gate.isOpen(nowSeconds: 8_900))
        gate.failed(.outage(status: 503, until: 9_700), nowSeconds: 9_000)
        #expect(!gate.isOpen(nowSeconds: 9_699) && gate.isOpen(nowSeconds: 9_700))
    }

    @Test func refusedCredentialsAreTriedAgainRarely() {
        var gate = CloudGate(seed: 1)
        gate.failed(.credentialsRefused(status: 401), nowSeconds: 9_000)
        #expect(!gate.isOpen(nowSeconds: 12_599) && gate.isOpen(nowSeconds: 12_600))
        var other = CloudGate(seed: 1)
        other.failed(.credentialsRefused(status: 403), nowSeconds: 9_000)
        #expect(!other.isOpen(nowSeconds: 9_029) && other.isOpen(nowSeconds: 9_061), "as when the front refuses")
    }
}
