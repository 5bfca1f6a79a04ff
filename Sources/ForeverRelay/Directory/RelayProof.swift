import ForeverHTTP

/// Makes a keyed digest of a message: HMAC-SHA-256 with the relay token, handed in by the program, since this module
/// knows no cryptography.
public typealias MessageSigner = @Sendable ([UInt8]) -> [UInt8]

/// The proof, in an `Authorization` field, that a request comes from a relay that knows its secret.
///
/// `Forever-Relay id=…, time=…, nonce=…, proof=…`: the proof is the digest of method, target, id, time, nonce and body, one
/// a line. The secret itself never travels; a copied request is worth nothing a second time, or two minutes later.
public struct RelayProof: Hashable, Sendable {
    public static let scheme = "Forever-Relay"

    /// Who says so: `RelayProof.isID`.
    public var id: String
    public var wallMilliseconds: Int64
    /// 32 hexadecimal digits, another for every request
    public var nonce: Nonce
    /// the digest as hexadecimal digits
    public var digits: String

    /// A number used once: 128 random bits, written as 32 lower-case hexadecimal digits.
    public struct Nonce: Hashable, Sendable, CustomStringConvertible {
        private let high: Epoch
        private let low: Epoch

        public init(using generator: inout some RandomNumberGenerator) {
            high = Epoch(using: &generator)
            low = Epoch(using: &generator)
        }

        /// Nil for anything but 32 lower-case hexadecimal digits.
        public init?(_ text: some StringProtocol) {
            guard text.utf8.count == 32, let high = Epoch(String(text.prefix(16))),
                let low = Epoch(String(text.suffix(16)))
            else { return nil }
            self.high = high
            self.low = low
        }

        public var description: String { high.description + low.description }
    }

    /// Whether a text can be a relay's id: 16 to 64 letters and digits.
    public static func isID(_ text: String) -> Bool {
        (16...64).contains(text.utf8.count) && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
    }

    /// The value of the `Authorization` field for a request.
    public static func authorization(
        id: String, method: Method, target: String, body: [UInt8], wallMilliseconds: Int64,
        using generator: inout some RandomNumberGenerator, sign: MessageSigner
    ) -> String {
        let nonce = Nonce(using: &generator)
        let digest = sign(message(method.rawValue, target, id, wallMilliseconds, nonce, body))
        return "\(scheme) id=\(id), time=\(wallMilliseconds), nonce=\(nonce), proof=\(hexadecimal(digest))"
    }

    /// Reads an `Authorization` field; nil when it is none of ours.
    package init?(_ field: String) {
        guard field.utf8.count <= Self.fieldBytesMax, field.hasPrefix(Self.scheme + " ") else { return nil }
        var values: [Substring: Substring] = [:]
        for part in field.dropFirst(Self.scheme.count + 1).split(separator: ",") {
            let pair = part.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
            // A name that stands twice could be read two ways.
            guard pair.count == 2, values.updateValue(pair[1], forKey: pair[0]) == nil else { return nil }
        }
        guard let id = values["id"].map({ String($0) }), Self.isID(id),
            let time = values["time"].flatMap({ Int64($0) }),
            let nonce = values["nonce"].flatMap({ Nonce($0) }), let digits = values["proof"], digits.utf8.count <= 128
        else { return nil }
        self.id = id
        wallMilliseconds = time
        self.nonce = nonce
        self.digits = String(digits)
    }

    /// The longest that is read: scheme, the longest values and their names come to less.
    static let fieldBytesMax = 512

    static func message(
        _ method: String, _ target: String, _ id: String, _ time: Int64, _ nonce: Nonce, _ body: [UInt8]
    ) -> [UInt8] {
        Array("\(method)\n\(target)\n\(id)\n\(time)\n\(nonce)\n".utf8) + body
    }

    static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// Compares in a time that does not tell where the difference is.
    static func isEqual(_ a: some Collection<UInt8>, _ b: some Collection<UInt8>) -> Bool {
        guard a.count == b.count else { return false }
        return zip(a, b).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
