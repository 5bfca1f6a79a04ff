import Foundation

/// The whole cost matrix as CSV, written row by row and never held.
///
/// **Shape:** a header of ids, then a row of costs per id in the same order; the row is where one comes from.
/// Costs have six decimals; the diagonal is 0.
public struct CostMatrix {
    private let table: TourTable

    public init(tracks: [TrackFacts], cost: TourCost) {
        table = TourTable(tracks: tracks, cost: cost)
    }

    /// **Errors:** those of `emit`. **Cost:** memory of one row.
    public func write(to emit: (Data) throws -> Void) rethrows {
        try emit(Data((table.tracks.map { CostMatrix.quoted($0.id) }.joined(separator: ",") + "\n").utf8))
        var row: [UInt8] = []
        for from in 0..<table.count {
            row.removeAll(keepingCapacity: true)
            for to in 0..<table.count {
                if to > 0 { row.append(UInt8(ascii: ",")) }
                CostMatrix.append(from == to ? 0 : Double(table.fullCost(from, to)), to: &row)
            }
            row.append(UInt8(ascii: "\n"))
            try emit(Data(row))
        }
    }

    /// RFC 4180: a field with a comma, a quote or a line break stands in quotes.
    private static func quoted(_ field: String) -> String {
        guard field.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return field }
        return "\"" + field.replacing("\"", with: "\"\"") + "\""
    }

    private static func append(_ cost: Double, to row: inout [UInt8]) {
        let millionths = Int((cost * 1_000_000).rounded())
        row.append(contentsOf: String(millionths / 1_000_000).utf8)
        row.append(UInt8(ascii: "."))
        var divisor = 100_000
        while divisor > 0 {
            row.append(UInt8(ascii: "0") + UInt8(millionths / divisor % 10))
            divisor /= 10
        }
    }
}
