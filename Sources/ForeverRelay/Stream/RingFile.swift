import Glibc

/// A file mapped shared: its header once, its data twice in a row, so that any piece of the ring is one run of memory.
///
/// Holds the lock of the one writing process; a killed process loses it by itself.
final class RingFile {
    let header: RingHeader
    /// `2 * capacityBytes` long; byte i and byte i + capacity are the same
    let data: UnsafeMutableRawPointer
    let capacityBytes: Int
    /// whether the file held data before
    let wasThere: Bool
    private let fd: Int32
    private let base: UnsafeMutableRawPointer

    /// Opens or makes the file. Its space is set aside at once, so a full disk is an error here and no crash later.
    init(path: String, capacityBytes wanted: Int) throws(RingError) {
        let capacity = (wanted + RingHeader.bytes - 1) / RingHeader.bytes * RingHeader.bytes
        let fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard fd >= 0 else { throw RingError.system(call: "open \(path)", code: errno) }
        var keeps = false
        defer { if !keeps { close(fd) } }
        guard flock(fd, LOCK_EX | LOCK_NB) == 0 else {
            throw errno == EWOULDBLOCK ? RingError.inUse(path: path) : RingError.system(call: "flock", code: errno)
        }
        var status = stat()
        guard fstat(fd, &status) == 0 else { throw RingError.system(call: "fstat", code: errno) }
        let size = RingHeader.bytes + capacity
        wasThere = Int(status.st_size) == size
        if !wasThere {
            guard ftruncate(fd, 0) == 0 else { throw RingError.system(call: "ftruncate", code: errno) }
        }
        var code = EINTR
        while code == EINTR { code = posix_fallocate(fd, 0, off_t(size)) }
        guard code == 0 else { throw RingError.system(call: "posix_fallocate", code: code) }

        let length = RingHeader.bytes + 2 * capacity
        let whole = mmap(nil, length, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let whole, whole != MAP_FAILED else { throw RingError.system(call: "mmap", code: errno) }
        let pieces = [
            (whole, size, off_t(0)),
            (whole + size, capacity, off_t(RingHeader.bytes)),
        ]
        for (address, bytes, offset) in pieces {
            let mapped = mmap(address, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, offset)
            guard mapped != MAP_FAILED else {
                let code = errno
                munmap(whole, length)
                throw RingError.system(call: "mmap", code: code)
            }
        }
        self.fd = fd
        base = whole
        header = RingHeader(whole)
        data = whole + RingHeader.bytes
        capacityBytes = capacity
        keeps = true
    }

    deinit {
        munmap(base, RingHeader.bytes + 2 * capacityBytes)
        // Said, not left to the close: a child being started elsewhere may hold a copy of the descriptor until its exec.
        _ = flock(fd, LOCK_UN)
        close(fd)
    }
}
