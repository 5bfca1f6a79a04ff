import ForeverHTTP

/// Where networks are, as the operator has written it down: lines `NETWORK REGION`, the longest prefix counts.
public struct RegionTable: Hashable, Sendable {
    /// Networks in one table: what the whole routing table of IPv4 has not.
    public static let networksMax = 500_000
    static let fileBytesMax = 32 << 20
    static let regionBytesMax = 64

    /// Why a table cannot be read, in words for the operator.
    public struct TableError: Error, Hashable, Sendable, CustomStringConvertible {
        public let description: String
    }

    private var regions: [String] = []
    /// by length of 128 bits, the longest first
    private var lengths: [(length: Int, networks: [IPAddress: Int])] = []

    /// No network is anywhere.
    public init() {}

    /// Reads a table: `192.0.2.0/24 eu`, `2001:db8::/32 us`; `#` begins a remark, empty lines are passed over.
    ///
    /// **Errors:** the first line that is none of these, or whose network has bits beyond its length.
    public init(_ text: String) throws(TableError) {
        var numbers: [String: Int] = [:]
        var byLength: [Int: [IPAddress: Int]] = [:]
        var count = 0
        for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let words = line.prefix { $0 != "#" }.split { $0 == " " || $0 == "\t" }
            guard let first = words.first else { continue }
            guard words.count == 2, words[1].utf8.count <= Self.regionBytesMax, let network = Self.network(first)
            else {
                throw TableError(
                    description: "line \(number + 1) must be a network and a region, such as 192.0.2.0/24 eu, "
                        + "not \"\(line.prefix(80))\"")
            }
            count += 1
            guard count <= Self.networksMax else {
                throw TableError(description: "has more than \(Self.networksMax) networks")
            }
            let name = words[1].lowercased()
            let region = numbers[name] ?? regions.count
            if region == regions.count {
                numbers[name] = region
                regions.append(name)
            }
            byLength[network.length, default: [:]][network.address] = region
        }
        lengths = byLength.sorted { $0.key > $1.key }.map { ($0.key, $0.value) }
    }

    /// Reads the file that `--regions` names. **Errors:** in words for the user.
    package init(file path: String) throws(OptionError) {
        guard let bytes = DataFolder.contents(of: path, bytesMax: Self.fileBytesMax) else {
            throw OptionError("--regions: cannot read \(path)")
        }
        do throws(TableError) {
            try self.init(String(decoding: bytes, as: UTF8.self))
        } catch {
            throw OptionError("--regions: \(path) \(error)")
        }
    }

    private static func network(_ text: Substring) -> (address: IPAddress, length: Int)? {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = IPAddress(parts[0]) else { return nil }
        let bits = address.isIPv4 ? 32 : 128
        var length = bits
        if parts.count > 1 {
            guard let number = Int(parts[1]), (0...bits).contains(number) else { return nil }
            length = number
        }
        let whole = length + 128 - bits
        return address.masked(whole) == address ? (address, whole) : nil
    }

    /// The region of an address in lower case; nil where the table says nothing of it.
    public func region(of address: IPAddress) -> String? {
        for (length, networks) in lengths {
            if let region = networks[address.masked(length)] { return regions[region] }
        }
        return nil
    }

    public static func == (a: RegionTable, b: RegionTable) -> Bool {
        a.regions == b.regions
            && a.lengths.elementsEqual(b.lengths) { $0.length == $1.length && $0.networks == $1.networks }
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(regions)
        hasher.combine(lengths.count)
    }
}
