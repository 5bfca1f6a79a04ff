import ForeverFuzz
import ForeverTestKit
import Testing

/// Every parser against its promises: the committed corpus, and a seeded walk around it. `make fuzz` searches on.
@Suite struct PromiseTests {
    private func check(_ target: FuzzTarget, _ bytes: some Collection<UInt8>, _ name: @autoclosure () -> String) {
        for side in GuardedBytes.Side.allCases {
            do throws(BrokenPromise) {
                try GuardedBytes.with(bytes, forbidden: side) { bytes throws(BrokenPromise) in try target.check(bytes) }
            } catch {
                Issue.record("\(target) \(name()): \(error)\nbytes: \(Array(bytes))")
                return
            }
        }
    }

    @Test(arguments: FuzzTarget.allCases)
    func theCorpusKeepsThePromises(target: FuzzTarget) {
        let inputs = FuzzCorpus.inputs(of: target)
        #expect(inputs.count >= 20, "the corpus of \(target) is missing")
        for input in inputs { check(target, input.bytes, input.name) }
    }

    /// Every beginning of an input, its parser's bytes against a page on either side: where bytes end makes no
    /// difference to who reads too far.
    @Test(arguments: FuzzTarget.allCases)
    func beginningsKeepThePromises(target: FuzzTarget) {
        for input in FuzzCorpus.inputs(of: target) where input.bytes.count > 2 {
            let options = input.bytes[0]
            let cuts = input.bytes[1]
            let payload = input.bytes.dropFirst(2)
            let step = 1 + payload.count / 24
            for count in stride(from: 0, to: payload.count, by: step) {
                for side in GuardedBytes.Side.allCases {
                    do throws(BrokenPromise) {
                        try GuardedBytes.with(payload.prefix(count), forbidden: side) { bytes throws(BrokenPromise) in
                            try target.check(FuzzInput(options: options, cuts: cuts, payload: bytes))
                        }
                    } catch {
                        Issue.record("\(target) \(input.name), first \(count): \(error)")
                    }
                }
            }
        }
    }

    /// Every file at every cut in two and a hundred cuttings by seed, for the parsers that get their bytes in pieces.
    @Test(arguments: [FuzzTarget.request, .response, .chunked, .mp3, .events])
    func cutsMakeNoDifference(target: FuzzTarget) {
        for input in FuzzCorpus.inputs(of: target) where input.bytes.count > 2 {
            let payload = input.bytes.dropFirst(2)
            for cut in 0..<UInt8(min(255, max(100, payload.count))) {
                do throws(BrokenPromise) {
                    try Array(payload).withUnsafeBufferPointer { buffer throws(BrokenPromise) in
                        let bytes = UnsafeRawBufferPointer(buffer)
                        try target.check(FuzzInput(options: input.bytes[0], cuts: cut, payload: bytes))
                    }
                } catch {
                    Issue.record("\(target) \(input.name), cut \(cut): \(error)")
                }
            }
        }
    }

    @Test(arguments: FuzzTarget.allCases)
    func changedInputsKeepThePromises(target: FuzzTarget) {
        var mutation = Mutation(seed: 20, pool: [[0, 0]] + FuzzCorpus.inputs(of: target).map(\.bytes))
        for turn in 0..<4_000 { check(target, mutation.next(), "changed input \(turn)") }
    }
}
