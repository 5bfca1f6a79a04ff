import ForeverTLS
import Testing

struct MessageDigestTests {
    /// FIPS 180-4 examples.
    @Test func hashes() {
        #expect(
            Hexadecimal.text(MessageDigest.sha256(Array("abc".utf8)))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            Hexadecimal.text(MessageDigest.sha256([]))
                == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }

    /// RFC 4231, test cases 1, 2 and 6.
    @Test func signs() {
        #expect(
            Hexadecimal.text(MessageDigest.hmacSHA256(Array("Hi There".utf8), key: [UInt8](repeating: 0x0b, count: 20)))
                == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
        #expect(
            Hexadecimal.text(
                MessageDigest.hmacSHA256(Array("what do ya want for nothing?".utf8), key: Array("Jefe".utf8)))
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        #expect(
            Hexadecimal.text(
                MessageDigest.hmacSHA256(
                    Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
                    key: [UInt8](repeating: 0xaa, count: 131)))
                == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
    }

    /// The digests of nothing, with and without a key, as OpenSSL's own command gives them.
    @Test func signsNothing() {
        #expect(
            Hexadecimal.text(MessageDigest.hmacSHA256([], key: []))
                == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
    }

    @Test func comparesWholeStrings() {
        #expect(MessageDigest.isEqual([1, 2, 3], [1, 2, 3]) && MessageDigest.isEqual([], []))
        #expect(!MessageDigest.isEqual([1, 2, 3], [1, 2, 4]) && !MessageDigest.isEqual([1, 2, 3], [1, 2]))
    }
}
