import ForeverTLS
import Testing

struct SecureRandomTests {
    @Test func givesOtherBytesEveryTime() {
        let draws = Set((0..<100).map { _ in SecureRandom.bytes(16) })
        #expect(draws.count == 100 && draws.allSatisfy { $0.count == 16 })
        #expect(SecureRandom.bytes(0).isEmpty)
        var random = SecureRandom()
        #expect(Set((0..<100).map { _ in random.next() }).count == 100)
    }

    @Test func writesAndReadsHexadecimal() {
        let bytes = (0...255).map { UInt8($0) }
        #expect(Hexadecimal.bytes(Hexadecimal.text(bytes)) == bytes)
        #expect(Hexadecimal.text([0, 0xaf]) == "00af" && Hexadecimal.bytes("00AF") == [0, 0xaf])
        #expect(Hexadecimal.bytes("0") == nil && Hexadecimal.bytes("0g") == nil && Hexadecimal.bytes("") == [])
    }
}
