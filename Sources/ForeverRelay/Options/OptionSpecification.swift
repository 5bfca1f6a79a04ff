/// One option of a program: `--name PLACEHOLDER`, its meaning and what it accepts.
///
/// The same name serves on the command line (`--relay-limit 5`), in the environment (`FOREVER_RELAY_LIMIT=5`) and in the
/// configuration file (`"relay-limit": 5`).
package struct OptionSpecification: Sendable {
    /// What a value must look like.
    package enum Kind: Hashable, Sendable {
        /// present or not; no value on the command line, true or false elsewhere
        case flag
        case text
        /// a whole number in the range
        case integer(ClosedRange<Int64>)
        /// a number in the range, for example of seconds
        case number(ClosedRange<Double>)
        /// a number of bytes, with kB, MB, GB, TB (thousands) or KiB, MiB, GiB, TiB
        case bytes
        /// `http://…` or `https://…` with a host
        case url
        /// one of these words
        case word([String])
    }

    package var name: String
    package var kind: Kind
    package var placeholder: String
    package var help: String
    package var repeats: Bool
    /// the value when nobody gives one; shown by `--help`
    package var standard: String?

    package init(
        _ name: String, _ kind: Kind, placeholder: String = "", repeats: Bool = false, standard: String? = nil,
        help: String
    ) {
        self.name = name
        self.kind = kind
        self.placeholder = placeholder
        self.help = help
        self.repeats = repeats
        self.standard = standard
    }

    /// The name of the environment variable that gives the same option.
    package var environmentName: String {
        "FOREVER_" + name.uppercased().map { $0 == "-" ? "_" : String($0) }.joined()
    }

    /// `--config FILE`, which every command of every program has.
    package static let config = OptionSpecification(
        "config", .text, placeholder: "FILE", help: "read options from this file (JSON with comments)")

    /// What is wrong with a value, as the end of a sentence; nil when it is right.
    package func complaint(about value: String) -> String? {
        switch kind {
        case .flag: return ["true", "false"].contains(value) ? nil : "must be true or false"
        case .text: return value.isEmpty ? "must not be empty" : nil
        case .integer(let range):
            if let number = Int64(value), range.contains(number) { return nil }
            return "must be a whole number "
                + (range.upperBound == .max
                    ? "of at least \(range.lowerBound)" : "from \(range.lowerBound) to \(range.upperBound)")
        case .number(let range):
            if let number = Double(value), number.isFinite, range.contains(number) { return nil }
            return "must be a number from \(plain(range.lowerBound)) to \(plain(range.upperBound))"
        case .bytes: return Self.byteCount(value) == nil ? "must be a size such as 500GB or 2TiB" : nil
        case .url: return Self.isURL(value) ? nil : "must be an address such as http://radio.example:8192"
        case .word(let words): return words.contains(value) ? nil : "must be \(words.joined(separator: " or "))"
        }
    }

    private func plain(_ number: Double) -> String {
        Int64(exactly: number).map(String.init) ?? "\(number)"
    }

    /// The number of bytes that `2TB`, `1.5 GiB` or `1000` means; nil when it means none.
    package static func byteCount(_ text: String) -> Int64? {
        let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard let number = Double(digits), number.isFinite else { return nil }
        let unit = text.dropFirst(digits.count).drop { $0 == " " }.lowercased()
        let scales: [String: Double] = [
            "": 1, "b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12, "pb": 1e15, "kib": 1_024, "mib": 1_048_576,
            "gib": 1_073_741_824, "tib": 1_099_511_627_776, "pib": 1_125_899_906_842_624,
        ]
        guard let scale = scales[unit], number * scale < 9e18 else { return nil }
        return Int64(number * scale)
    }

    private static func isURL(_ text: String) -> Bool {
        for scheme in ["http://", "https://"] where text.hasPrefix(scheme) {
            let rest = text.dropFirst(scheme.count)
            return !rest.isEmpty && !rest.hasPrefix("/") && !rest.hasPrefix(":") && !text.contains { $0 <= " " }
        }
        return false
    }
}
