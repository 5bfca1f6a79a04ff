#if FUZZ
    import ForeverFuzz
    import Glibc

    /// The parser that this process searches, chosen by `FUZZ_TARGET`.
    private let target: FuzzTarget = {
        let name = getenv("FUZZ_TARGET").map { String(cString: $0) } ?? ""
        guard let target = FuzzTarget(rawValue: name) else {
            fatalError("FUZZ_TARGET must be one of \(FuzzTarget.allCases.map(\.rawValue))")
        }
        return target
    }()

    /// What libFuzzer calls with every input. A broken promise ends the process, and libFuzzer keeps the input.
    @_cdecl("LLVMFuzzerTestOneInput")
    public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
        do throws(BrokenPromise) {
            try target.check(UnsafeRawBufferPointer(start: start, count: count))
        } catch {
            fatalError("\(target.rawValue): \(error)")
        }
        return 0
    }
#endif
