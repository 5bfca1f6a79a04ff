import ForeverRelay
import Testing

private let second: Int64 = 1_000_000_000

@Suite struct InspectionPlanTests {
    @Test func nobodyIsGoodBeforeAnAnswer() {
        var random = SeededGenerator(1)
        var plan = InspectionPlan(now: 0)
        #expect(plan.standing == .unproven && !plan.standing.allowsListeners)
        #expect(plan.due(now: 0, isUsed: false, using: &random) == .challenge)
        plan.challenged("answers 404", now: 0, using: &random)
        #expect(plan.standing == .unreachable("answers 404"))
        #expect(plan.due(now: 7 * second, isUsed: true, using: &random) == nil)
        #expect(plan.due(now: 20 * second, isUsed: true, using: &random) == .challenge, "asked again soon")
        plan.challenged(nil, now: 20 * second, using: &random)
        #expect(plan.standing == .good)
    }

    @Test func oneThatSleepsIsNotWokenForASample() {
        var random = SeededGenerator(2)
        var plan = InspectionPlan(now: 0)
        plan.challenged(nil, now: 0, using: &random)
        for now in stride(from: Int64(0), to: 100, by: 1) {
            #expect(plan.due(now: now * second, isUsed: false, using: &random) == nil)
        }
    }

    @Test func momentsOfSamplesCannotBeForeseen() {
        var moments: Set<Int64> = []
        for seed in 0..<50 {
            var random = SeededGenerator(UInt64(seed))
            var plan = InspectionPlan(now: 0)
            plan.challenged(nil, now: 0, using: &random)
            plan.sampled(.good, now: 0, using: &random)
            var sampledAt: Int64?
            for now in 1...Int64(400) where sampledAt == nil {
                let act = plan.due(now: now * second, isUsed: true, using: &random)
                if act == .challenge { plan.challenged(nil, now: now * second, using: &random) }
                if act == .sample { sampledAt = now }
            }
            let at = sampledAt ?? 0
            #expect((60...361).contains(at))
            moments.insert(at)
        }
        #expect(moments.count > 30, "spread over the whole span")
    }

    @Test func poorSoundIsForgivenByTheNextGoodSample() {
        var random = SeededGenerator(3)
        var plan = InspectionPlan(now: 0)
        plan.challenged(nil, now: 0, using: &random)
        plan.sampled(.poor("silent"), now: 0, using: &random)
        #expect(plan.standing == .unreachable("silent"))
        plan.challenged(nil, now: 5 * second, using: &random)
        #expect(plan.standing == .unreachable("silent"), "an answer does not make up for silence")
        #expect(plan.due(now: 30 * second, isUsed: false, using: &random) == .sample, "also when nobody is left there")
        plan.sampled(.open("full"), now: 30 * second, using: &random)
        #expect(plan.standing == .unreachable("silent"))
        plan.sampled(.good, now: 60 * second, using: &random)
        #expect(plan.standing == .good)
    }
}
