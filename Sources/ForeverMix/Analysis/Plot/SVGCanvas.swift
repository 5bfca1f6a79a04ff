import Foundation

/// A drawing in the making, as Scalable Vector Graphics. Coordinates are pixels from the top left.
struct SVGCanvas {
    private let width: Double
    private let height: Double
    private var body = ""

    init(width: Double, height: Double) {
        self.width = width
        self.height = height
    }

    var document: String {
        let size = "width=\"\(number(width))\" height=\"\(number(height))\""
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            + "<svg xmlns=\"http://www.w3.org/2000/svg\" \(size) font-family=\"sans-serif\" font-size=\"12\">\n"
            + "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n\(body)</svg>\n"
    }

    mutating func rectangle(
        x: Double, y: Double, width: Double, height: Double, fill: String, opacity: Double = 1
    ) {
        guard opacity > 0.005 else { return }
        let place = "x=\"\(number(x))\" y=\"\(number(y))\""
        let size = "width=\"\(number(max(0, width)))\" height=\"\(number(height))\""
        let seen = opacity < 1 ? " fill-opacity=\"\(String(format: "%.2f", opacity))\"" : ""
        body += "<rect \(place) \(size) fill=\"\(fill)\"\(seen)/>\n"
    }

    mutating func line(x: Double, from: Double, to: Double, stroke: String, width: Double) {
        let ends = "x1=\"\(number(x))\" y1=\"\(number(from))\" x2=\"\(number(x))\" y2=\"\(number(to))\""
        body += "<line \(ends) stroke=\"\(stroke)\" stroke-width=\"\(number(width))\"/>\n"
    }

    mutating func polyline(_ points: [(Double, Double)], stroke: String) {
        guard points.count > 1 else { return }
        body += "<polyline points=\"\(listed(points))\" fill=\"none\" stroke=\"\(stroke)\"/>\n"
    }

    mutating func polygon(_ points: [(Double, Double)], fill: String, opacity: Double) {
        guard points.count > 2 else { return }
        let seen = String(format: "%.2f", opacity)
        body += "<polygon points=\"\(listed(points))\" fill=\"\(fill)\" fill-opacity=\"\(seen)\"/>\n"
    }

    mutating func text(_ words: String, x: Double, y: Double, size: Double = 12, fill: String = "#000") {
        let place = "x=\"\(number(x))\" y=\"\(number(y))\""
        let large = size == 12 ? "" : " font-size=\"\(number(size))\""
        let seen = fill == "#000" ? "" : " fill=\"\(fill)\""
        body += "<text \(place)\(large)\(seen)>\(SVGCanvas.escaped(words))</text>\n"
    }

    /// Names of files may hold anything; control characters may not stand in XML at all.
    private static func escaped(_ words: String) -> String {
        var result = ""
        for scalar in words.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case _ where scalar.value < 0x20 || scalar.value == 0xfffe || scalar.value == 0xffff: result += "?"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private func listed(_ points: [(Double, Double)]) -> String {
        points.map { "\(number($0.0)),\(number($0.1))" }.joined(separator: " ")
    }

    private func number(_ value: Double) -> String { String(format: "%.1f", value) }
}
