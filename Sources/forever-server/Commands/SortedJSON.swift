import Foundation

/// The JSON that commands print and write: names in order, so that the same result is the same bytes.
enum SortedJSON {
    static func data(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(value)
    }

    static func line(_ value: some Encodable) throws -> String { String(decoding: try data(value), as: UTF8.self) }
}
