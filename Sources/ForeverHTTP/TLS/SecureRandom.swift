import COpenSSL

/// Random bytes nobody can foretell. **Thread:** any.
public struct SecureRandom: RandomNumberGenerator, Sendable {
    public init() {}

    /// `count` random bytes. A system without randomness stops the program.
    public static func bytes(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        precondition(count == 0 || RAND_bytes(&bytes, Int32(count)) == 1, "no random bytes to be had")
        return bytes
    }

    public mutating func next() -> UInt64 {
        Self.bytes(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
