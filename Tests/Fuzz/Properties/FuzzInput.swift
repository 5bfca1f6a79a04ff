/// One input: two bytes that choose how the parser is set up and how its bytes are cut, then what the parser reads.
package struct FuzzInput {
    package let options: UInt8
    package let cuts: UInt8
    package let payload: UnsafeRawBufferPointer

    package init(options: UInt8, cuts: UInt8, payload: UnsafeRawBufferPointer) {
        self.options = options
        self.cuts = cuts
        self.payload = payload
    }

    /// Nil for fewer than the two choosing bytes.
    package init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= 2 else { return nil }
        self.init(options: bytes[0], cuts: bytes[1], payload: UnsafeRawBufferPointer(rebasing: bytes[2...]))
    }

    func option(_ bit: Int) -> Bool { options >> bit & 1 == 1 }
}
