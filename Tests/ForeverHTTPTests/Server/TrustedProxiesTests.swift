import ForeverHTTP
import Testing

struct TrustedProxiesTests {
    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1"), ("::ffff:192.0.2.7", "192.0.2.7"), ("2001:DB8::0:1", "2001:db8::1"), ("::", "::"),
        ("255.255.255.255", "255.255.255.255"), ("::1", "::1"), ("0:0:0:0:0:fffe:c000:207", "::fffe:c000:207"),
    ])
    func readsAddresses(_ text: String, _ written: String) throws {
        #expect(try #require(IPAddress(text)).description == written)
    }

    @Test(arguments: [
        "", "localhost", "127.0.0.1:80", "[::1]", "::1%lo", "fe80::1%eth0", "127.1", "1.2.3.4.5", "256.1.1.1", " ::1",
        "::1 ",
        "127.0.0.1\u{0}", "1.2.3.4,5.6.7.8", ":", ":::", "unknown", "_hidden", "12345::",
        String(repeating: "0", count: 5_000),
    ])
    func readsNothingElse(_ text: String) { #expect(IPAddress(text) == nil) }

    @Test func countsIPv6ByItsNetwork() throws {
        let address = { (text: String) in try #require(IPAddress(text)).client }
        #expect(try address("2001:db8:1:2:3:4:5:6") == address("2001:db8:1:2::"))
        #expect(try address("2001:db8:1:2::") != address("2001:db8:1:3::"))
        #expect(try address("192.0.2.1") != address("192.0.2.2"))
    }

    @Test(arguments: [
        ("127.0.0.0/8", ["127.0.0.1", "127.255.255.255"], ["128.0.0.0", "126.255.255.255", "::1", "::7f00:1"]),
        ("192.0.2.7", ["192.0.2.7"], ["192.0.2.6", "192.0.2.8"]),
        ("192.0.2.128/25", ["192.0.2.128", "192.0.2.255"], ["192.0.2.127", "192.0.3.128"]),
        ("2001:db8::/33", ["2001:db8:7fff::1"], ["2001:db8:8000::", "2001:db9::", "32.1.13.184"]),
        ("2001:db8::/100", ["2001:db8::fff:ffff"], ["2001:db8::1000:0"]),
        ("loopback", ["127.9.9.9", "::1"], ["10.0.0.1", "::2"]),
        (
            "private", ["10.1.2.3", "172.31.0.1", "192.168.9.9", "fd00::1"],
            ["172.32.0.1", "127.0.0.1", "fe80::1", "8.8.8.8"]
        ),
        (" LOOPBACK ,10.0.0.0/8", ["::1", "10.9.9.9"], ["192.168.0.1"]), ("0.0.0.0/0", ["8.8.8.8"], ["::1"]),
        ("::/0", ["8.8.8.8", "2001:db8::1"], []),
    ])
    func trustsTheNetworksOfTheList(_ list: String, _ inside: [String], _ outside: [String]) throws {
        let proxies = try TrustedProxies(list)
        for text in inside { #expect(proxies.contains(try #require(IPAddress(text))), "\(text) in \(list)") }
        for text in outside { #expect(!proxies.contains(try #require(IPAddress(text))), "\(text) not in \(list)") }
    }

    @Test(arguments: [
        "", ",", "loopback,", "localhost", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/+8", "10.0.0.0/8/8",
        "10.0.0.0 /8",
        "10.0.0.0/08x", "10.0.0.0/0008", "10.1.2.3/8", "2001:db8::1/32", "loopback private",
        Array(repeating: "10.0.0.1", count: 65).joined(separator: ","),
    ])
    func refusesOtherLists(_ list: String) {
        #expect(throws: TrustedProxies.ListError.self) { try TrustedProxies(list) }
    }

    @Test func saysWhatIsRight() {
        let error = #expect(throws: TrustedProxies.ListError.self) { try TrustedProxies("10.1.2.3/8") }
        #expect(error?.description.holds("10.0.0.0/8") == true)
    }
}
