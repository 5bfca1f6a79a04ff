import Foundation

/// Reads fields that may be missing, null or of another type than they should be: nil then, never an error.
struct CloudFields {
    private let container: KeyedDecodingContainer<Key>

    struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { return nil }
    }

    init(_ decoder: any Decoder) throws { container = try decoder.container(keyedBy: Key.self) }

    func value<Value: Decodable>(_ name: String, as type: Value.Type = Value.self) -> Value? {
        // `try?` around an optional gives one optional.
        (try? container.decodeIfPresent(type, forKey: Key(name))) ?? nil
    }

    /// Text that is not empty; a number is written out.
    func text(_ name: String) -> String? {
        if let text = value(name, as: String.self) { return text.isEmpty ? nil : text }
        return value(name, as: Int64.self).map { String($0) }
    }

    /// A finite number, also one in quotes.
    func number(_ name: String) -> Double? {
        let number = value(name, as: Double.self) ?? value(name, as: String.self).flatMap { Double($0) }
        return number.flatMap { $0.isFinite ? $0 : nil }
    }

    /// A count, 0 or more.
    func count(_ name: String) -> Int64? {
        number(name).flatMap { $0 >= 0 && $0 < CloudLimits.countMax ? Int64($0) : nil }
    }

    func flag(_ name: String) -> Bool? { value(name, as: Bool.self) }

    /// An address that a page may link to: http or https.
    func link(_ name: String) -> String? {
        guard let text = text(name), text.utf8.count <= CloudLimits.linkBytesMax,
            let parts = URLComponents(string: text),
            ["http", "https"].contains(parts.scheme?.lowercased()), parts.host?.isEmpty == false
        else { return nil }
        return text
    }

    /// `urn`, or where it is missing `uri` or the deprecated `id`.
    func urn(_ kind: CloudURN.Kind) -> CloudURN? {
        for name in ["urn", "uri"] {
            if let urn = text(name).flatMap({ CloudURN(text: $0) }), urn.kind == kind { return urn }
        }
        return text("id").flatMap { $0.allSatisfy(\.isNumber) ? CloudURN(kind, $0) : nil }
    }
}

/// An element of a list that is nil where it cannot be read, so that one broken element does not spoil the list.
struct Readable<Value: Decodable>: Decodable {
    let value: Value?
    init(from decoder: any Decoder) throws { value = try? Value(from: decoder) }
}
