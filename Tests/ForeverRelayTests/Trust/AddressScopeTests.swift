import ForeverHTTP
import ForeverRelay
import Testing

@Suite struct AddressScopeTests {
    private func scope(_ text: String) throws -> AddressScope { AddressScope(try #require(IPAddress(text))) }

    @Test(arguments: [
        "169.254.169.254", "169.254.0.1", "fe80::1", "febf::1", "::ffff:169.254.169.254", "fd00:ec2::254",
        "100.100.100.200",
        "192.0.0.192", "0.0.0.0", "0.1.2.3", "::", "224.0.0.1", "239.255.255.250", "ff02::1", "255.255.255.255",
        "240.0.0.1",
        "64:ff9b::169.254.169.254", "2002:a9fe:a9fe::1", "::127.0.0.1", "2001::1", "fec0::1", "64:ff9b:1::1",
    ])
    func nobodyIsSentHere(address: String) throws {
        for from: AddressScope? in [nil, .world, .site, .machine] {
            #expect(
                try scope(address).objection(reportedFrom: from) != nil, "\(address) from \(String(describing: from))")
        }
    }

    @Test(arguments: ["127.0.0.1", "127.8.8.8", "::1", "64:ff9b::7f00:1", "2002:7f00:1::"])
    func thisMachineIsForRelaysOnIt(address: String) throws {
        #expect(try scope(address) == .machine)
        #expect(try scope(address).objection(reportedFrom: .machine) == nil)
        for from: AddressScope? in [nil, .world, .site] {
            #expect(try scope(address).objection(reportedFrom: from) != nil)
        }
    }

    @Test(arguments: ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.7.7", "100.64.0.1", "fc00::1", "fdff::1"])
    func aPrivateNetworkIsForRelaysInIt(address: String) throws {
        #expect(try scope(address) == .site)
        #expect(try scope(address).objection(reportedFrom: .site) == nil)
        #expect(try scope(address).objection(reportedFrom: .machine) == nil)
        #expect(try scope(address).objection(reportedFrom: .world) != nil)
        #expect(try scope(address).objection(reportedFrom: nil) != nil)
    }

    @Test(arguments: [
        "1.1.1.1", "172.15.0.1", "172.32.0.1", "169.253.0.1", "169.255.0.1", "128.0.0.1", "9.255.255.255", "11.0.0.1",
        "2001:db8::1", "2a00:1450::1", "64:ff9b::1.1.1.1", "192.0.1.1", "223.255.255.255", "100.63.0.1", "100.128.0.1",
    ])
    func theWorldIsForEverybody(address: String) throws {
        #expect(try scope(address) == .world)
        #expect(try scope(address).objection(reportedFrom: .world) == nil)
    }
}
