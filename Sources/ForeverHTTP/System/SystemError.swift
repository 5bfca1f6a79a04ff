import Glibc

/// A system call that failed: which one, and the `errno` it left.
public struct SystemError: Error, Hashable, CustomStringConvertible {
    /// The call's name, as in its manual page.
    public let call: String
    public let code: Int32

    public init(_ call: String, code: Int32 = errno) {
        self.call = call
        self.code = code
    }

    public var description: String {
        // getaddrinfo has error numbers of its own.
        "\(call): \(call == "getaddrinfo" ? String(cString: gai_strerror(code)) : String(cString: strerror(code)))"
    }
}

/// Calls `body` again for as long as a signal interrupts it.
@inline(__always)
package func retryingInterrupts(_ body: () -> Int) -> Int {
    while true {
        let result = body()
        if result >= 0 || errno != EINTR { return result }
    }
}
