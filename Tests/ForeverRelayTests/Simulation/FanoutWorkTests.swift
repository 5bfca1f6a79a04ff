import CScriptedCalls
import ForeverRelay
import ForeverTestKit
import Testing

/// What a send costs besides the system call, counted: no allocation, no lock, no reference count.
@Suite(.enabled(if: ScriptedCalls.isAvailable)) struct FanoutWorkTests {
    /// Numbers that no real descriptor has: what is sent to them is taken at once.
    private static let firstDescriptor: Int32 = 1 << 20
    private static let listeners = 1_000
    private static let steps = 200

    @Test(arguments: [0, ICYMetadata.intervalBytes])
    func aSteadyStepAllocatesNothingAndCountsNoReferences(metadataInterval: Int) throws {
        scripted_swallow_from(Self.firstDescriptor)
        defer { scripted_swallow_from(0) }
        let rig = try FanoutRig()
        rig.feed.titles.replace(with: (0..<20).map { StreamTitle(position: $0 * 50_000, text: "title \($0)") })
        for index in 0..<Self.listeners {
            rig.fanout.join(
                fd: Self.firstDescriptor + Int32(index), kind: .listener, from: rig.fanout.joinPosition,
                metadataInterval: metadataInterval, now: rig.now.monotonicNanoseconds)
        }
        rig.run(milliseconds: 3_000)

        var sum = scripted_counts()
        let sendsBefore = scripted_swallowed_sends()
        for _ in 0..<Self.steps {
            rig.now.monotonicNanoseconds += 50_000_000
            rig.now.wallMilliseconds += 50
            rig.fill()
            let counts = countingWork {
                rig.feed.advance(to: rig.now)
                while let due = rig.fanout.nextStepNanoseconds, due <= rig.now.monotonicNanoseconds {
                    rig.fanout.step(now: rig.now.monotonicNanoseconds)
                }
            }
            sum.allocations += counts.allocations
            sum.retains += counts.retains
            sum.releases += counts.releases
        }
        let sends = scripted_swallowed_sends() - sendsBefore
        #expect(sends == UInt64(Self.listeners * Self.steps / rig.fanout.settings.stepsPerPeriod))
        #expect(sum.allocations == 0)
        print("retains \(sum.retains) releases \(sum.releases) sends \(sends)")
    }

    @Test func theCountersCount() {
        let counts = countingWork {
            for number in 0..<10 { Self.keep = Kept(number) }
        }
        #expect(counts.allocations >= 10 && counts.deallocations >= 9 && counts.releases >= 9)
    }

    private final class Kept {
        let number: Int
        init(_ number: Int) { self.number = number }
    }
    private nonisolated(unsafe) static var keep: Kept?
}
