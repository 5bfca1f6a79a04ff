/// Something that a test needs did not happen; says what.
package struct TestKitFailure: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}
