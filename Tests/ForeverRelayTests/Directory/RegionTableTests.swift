import ForeverHTTP
import ForeverRelay
import Testing

@Suite struct RegionTableTests {
    @Test func theLongestPrefixWins() throws {
        let table = try RegionTable(
            """
            # where our listeners are
            0.0.0.0/0 world
            10.0.0.0/8   EU   # the company

            10.1.0.0/16\tus\r
            10.1.2.3 home
            2001:db8::/32 us
            """)
        func region(_ text: String) -> String? { IPAddress(text).flatMap { table.region(of: $0) } }
        #expect(region("192.0.2.1") == "world")
        #expect(region("10.200.0.1") == "eu")
        #expect(region("10.1.9.9") == "us")
        #expect(region("10.1.2.3") == "home" && region("::ffff:10.1.2.3") == "home")
        #expect(region("2001:db8:1::1") == "us")
        #expect(region("2001:db9::1") == nil, "IPv4's default says nothing of IPv6")
        #expect(try RegionTable("").region(of: #require(IPAddress("10.0.0.1"))) == nil)
    }

    @Test(arguments: ["10.0.0.0/8", "10.0.0.0/33 eu", "10.0.0.1/8 eu", "example.org eu", "10.0.0.0/8 eu west", "/8 eu"])
    func whatCannotBeReadIsNamed(line: String) {
        #expect {
            try RegionTable("192.0.2.0/24 eu\n" + line)
        } throws: {
            "\($0)".contains("line 2") && "\($0)".contains(line)
        }
    }
}
