/// Reads a block as players do: a field is what stands between `='` and the next `';`, the quote of `='` included in
/// the search.
enum ICYReader {
    static func fields(_ block: [UInt8]) -> [(name: String, text: String)]? {
        guard let units = block.first, block.count == 1 + Int(units) * 16 else { return nil }
        var rest = block.dropFirst()
        var fields: [(String, String)] = []
        while let byte = rest.first, byte != 0 {
            guard let open = pair(rest, "='"), let close = pair(rest[(open + 1)...], "';"), close > open + 1,
                let name = String(validating: rest[..<open], as: UTF8.self),
                let text = String(validating: rest[(open + 2)..<close], as: UTF8.self)
            else { return nil }
            fields.append((name, text))
            rest = rest[(close + 2)...]
        }
        return rest.allSatisfy { $0 == 0 } && rest.count < 16 ? fields : nil
    }

    private static func pair(_ bytes: ArraySlice<UInt8>, _ text: StaticString) -> Int? {
        let first = text.utf8Start[0]
        let second = text.utf8Start[1]
        return bytes.indices.dropLast().first { bytes[$0] == first && bytes[$0 + 1] == second }
    }
}
