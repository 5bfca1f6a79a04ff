import Glibc

/// Bytes against a page that may not be touched: whoever reads a byte too far is ended by the kernel.
package enum GuardedBytes {
    package enum Side: CaseIterable, Sendable {
        /// The byte behind the last one is forbidden.
        case behind
        /// The byte before the first one is forbidden.
        case before
    }

    /// Calls `body` with a copy of the bytes that has the forbidden page on that side.
    package static func with<Result, Failure: Error>(
        _ bytes: some Collection<UInt8>, forbidden side: Side = .behind,
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let page = Int(getpagesize())
        let usable = (bytes.count + page - 1) / page * page
        let memory = mmap(nil, usable + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let memory, memory != MAP_FAILED else { fatalError("mmap failed, error \(errno)") }
        defer { munmap(memory, usable + 2 * page) }
        let first = memory + page
        if usable > 0 && mprotect(first, usable, PROT_READ | PROT_WRITE) != 0 { fatalError("mprotect, error \(errno)") }
        let start = side == .behind ? first + usable - bytes.count : first
        UnsafeMutableRawBufferPointer(start: start, count: bytes.count).copyBytes(from: bytes)
        return try body(UnsafeRawBufferPointer(start: start, count: bytes.count))
    }
}
