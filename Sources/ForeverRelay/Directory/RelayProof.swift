import ForeverHTTP

/// Makes a keyed digest of a message: HMAC-SHA-256 with the relay token, handed in by the program, since this module
/// knows no cryptography.
public typealias MessageSigner = @Sendable ([UInt8]) -> [UInt8]

/// The proof, in an `Authorization` field, that a request comes from somebody who knows the relay token.
///
/// `Forever-Relay time=…, nonce=…, proof=…`: the proof is the digest of method, target, time, nonce and body, one a
/// line. The token itself never travels; a copied request is worth nothing a second time, or two minutes later.
public struct RelayProof: Hashable, Sendable {
    public static let scheme = "Forever-Relay"

    public var wallMilliseconds: Int64
    /// 32 hexadecimal digits, another for every request
    public var nonce: String
    /// the digest as hexadecimal digits
    public var digits: String

    /// The value of the `Authorization` field for a request.
    public static func authorization(
        method: Method, target: String, body: [UInt8], wallMilliseconds: Int64,
        using generator: inout some RandomNumberGenerator, sign: MessageSigner
    ) -> String {
        let nonce = Epoch(using: &generator).description + Epoch(using: &generator).description
        let digest = sign(message(method.rawValue, target, wallMilliseconds, nonce, body))
        return "\(scheme) time=\(wallMilliseconds), nonce=\(nonce), proof=\(hexadecimal(digest))"
    }

    /// Reads an `Authorization` field; nil when it is none of ours.
    init?(_ field: String) {
        guard field.hasPrefix(Self.scheme + " ") else { return nil }
        var values: [String: String] = [:]
        for part in field.dropFirst(Self.scheme.count + 1).split(separator: ",") {
            let pair = part.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
            guard pair.count == 2 else { return nil }
            values[String(pair[0])] = String(pair[1])
        }
        guard let time = values["time"].flatMap({ Int64($0) }), let nonce = values["nonce"],
            let digits = values["proof"], nonce.utf8.count == 32, digits.utf8.count <= 128
        else { return nil }
        wallMilliseconds = time
        self.nonce = nonce
        self.digits = digits
    }

    static func message(_ method: String, _ target: String, _ time: Int64, _ nonce: String, _ body: [UInt8]) -> [UInt8]
    {
        Array("\(method)\n\(target)\n\(time)\n\(nonce)\n".utf8) + body
    }

    static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

/// Checks proofs. **Thread:** the loop's.
public final class RelayProofChecker {
    /// How far the two machines' clocks may be apart. A relay whose clock is wrong learns the time from the 401.
    public static let skewMillisecondsMax: Int64 = 120_000
    /// Nonces remembered: those of 200 relays that report every 3 s, over the time in which one could be used again.
    public static let noncesMax = 65_536

    private let sign: MessageSigner
    private var used: Set<String> = []
    private var order: [(nonce: String, wallMilliseconds: Int64)] = []
    private var orderStart = 0

    public init(sign: @escaping MessageSigner) { self.sign = sign }

    /// Whether the request was made by somebody with the token, lately, and for the first time.
    public func accepts(_ request: Request, wallMilliseconds now: Int64) -> Bool {
        accepts(
            authorization: request.headers["Authorization"], method: request.method, target: request.target,
            body: request.body, wallMilliseconds: now)
    }

    /// The same, from the request's parts.
    package func accepts(
        authorization: String?, method: Method, target: String, body: [UInt8], wallMilliseconds now: Int64
    ) -> Bool {
        guard let authorization, let proof = RelayProof(authorization) else { return false }
        // The difference of two far times may not fit: that is out of time as well.
        let (skew, overflow) = proof.wallMilliseconds.subtractingReportingOverflow(now)
        guard !overflow, skew.magnitude <= UInt64(Self.skewMillisecondsMax) else { return false }
        let message = RelayProof.message(method.rawValue, target, proof.wallMilliseconds, proof.nonce, body)
        guard Self.isEqual(Array(RelayProof.hexadecimal(sign(message)).utf8), Array(proof.digits.utf8)) else {
            return false
        }
        forget(before: now - 2 * Self.skewMillisecondsMax)
        guard used.count < Self.noncesMax, used.insert(proof.nonce).inserted else { return false }
        order.append((proof.nonce, now))
        return true
    }

    private func forget(before time: Int64) {
        while orderStart < order.count, order[orderStart].wallMilliseconds < time {
            used.remove(order[orderStart].nonce)
            orderStart += 1
        }
        if orderStart > 1_024 {
            order.removeFirst(orderStart)
            orderStart = 0
        }
    }

    /// Compares in a time that does not tell where the difference is.
    private static func isEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        guard a.count == b.count else { return false }
        var difference: UInt8 = 0
        for index in a.indices { difference |= a[index] ^ b[index] }
        return difference == 0
    }
}
