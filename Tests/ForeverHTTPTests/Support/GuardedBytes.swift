import ForeverHTTP
import Glibc

/// Bytes whose end is the end of a page, before one that may not be touched.
enum GuardedBytes {
    static func with(_ bytes: [UInt8], _ body: (UnsafeRawBufferPointer) -> Void) throws {
        let page = Int(getpagesize())
        let usable = (bytes.count + page - 1) / page * page
        let memory = mmap(nil, usable + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let memory, memory != MAP_FAILED else { throw SystemError("mmap") }
        defer { munmap(memory, usable + page) }
        mprotect(memory + usable, page, PROT_NONE)
        let start = memory + usable - bytes.count
        bytes.withUnsafeBytes { start.copyMemory(from: $0.baseAddress!, byteCount: bytes.count) }
        body(UnsafeRawBufferPointer(start: start, count: bytes.count))
    }
}
