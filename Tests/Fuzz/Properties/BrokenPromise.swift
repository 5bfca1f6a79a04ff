/// A parser did not do what it promises, or what a test planted was found.
package struct BrokenPromise: Error, CustomStringConvertible {
    package let description: String
}

/// Throws `BrokenPromise` with the text unless the condition holds.
func promise(_ holds: Bool, _ text: @autoclosure () -> String) throws(BrokenPromise) {
    if !holds { throw BrokenPromise(description: text()) }
}
