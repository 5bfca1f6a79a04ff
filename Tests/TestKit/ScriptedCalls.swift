package import CScriptedCalls

/// A script for the system calls of the thread that runs it: each passes, fails, is shortened or is answered at once.
///
/// Stands between the code under test and the C library (see `CScriptedCalls`), so that this code has no seam for
/// tests. Other threads' calls go their way.
package final class ScriptedCalls {
    package typealias Decide = (borrowing scripted_call) -> scripted_answer
    package typealias Done = (borrowing scripted_call, Int) -> Void

    /// False under a sanitizer, which needs the C library's names for itself.
    package static var isAvailable: Bool { scripted_available() == 1 }

    private let decide: Decide
    private let done: Done

    /// - decide: what becomes of a call
    /// - done: told of every call that was made, with its result
    package init(decide: @escaping Decide, done: @escaping Done = { _, _ in }) {
        self.decide = decide
        self.done = done
    }

    /// Runs `body` with its system calls under the script.
    package func run<Result>(_ body: () throws -> Result) rethrows -> Result {
        scripted_install(
            { context, call in
                Unmanaged<ScriptedCalls>.fromOpaque(context!).takeUnretainedValue().decide(call!.pointee)
            },
            { context, call, result in
                Unmanaged<ScriptedCalls>.fromOpaque(context!).takeUnretainedValue().done(call!.pointee, result)
            }, Unmanaged.passUnretained(self).toOpaque())
        defer { scripted_install(nil, nil, nil) }
        return try withExtendedLifetime(self) { try body() }
    }

    /// Runs `body`, a test's own doing, outside the script.
    package static func aside<Result>(_ body: () throws -> Result) rethrows -> Result {
        scripted_set_aside(1)
        defer { scripted_set_aside(0) }
        return try body()
    }
}

extension scripted_answer {
    /// The call is made.
    package static var pass: scripted_answer { scripted_answer(kind: Int32(scripted_pass), value: 0) }
    /// The call is not made; it fails with this errno.
    package static func fail(_ code: Int32) -> scripted_answer {
        scripted_answer(kind: Int32(scripted_fail), value: Int(code))
    }
    /// The call is made, and then said to have failed.
    package static func failAfter(_ code: Int32) -> scripted_answer {
        scripted_answer(kind: Int32(scripted_fail_after), value: Int(code))
    }
    /// The call is not made; this is its result.
    package static func result(_ value: Int) -> scripted_answer {
        scripted_answer(kind: Int32(scripted_answer_with), value: value)
    }
}

/// What the calling thread allocates, retains and releases while `body` runs.
package func countingWork(_ body: () throws -> Void) rethrows -> scripted_counts {
    scripted_begin_counting()
    do {
        try body()
    } catch {
        _ = scripted_end_counting()
        throw error
    }
    return scripted_end_counting()
}
