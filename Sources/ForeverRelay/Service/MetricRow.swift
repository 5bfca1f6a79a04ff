/// One number of `/metrics`, in Prometheus' text form (version 0.0.4).
package struct MetricRow {
    /// without its `forever_`
    package var name: String
    /// `gauge` or `counter`
    var kind: String
    var help: String
    package var value: String
    /// label and value
    package var labels: KeyValuePairs<String, String>

    package init(
        _ name: String, _ kind: String, _ help: String, _ value: String, _ labels: KeyValuePairs<String, String> = [:]
    ) {
        self.name = name
        self.kind = kind
        self.help = help
        self.value = value
        self.labels = labels
    }

    /// All rows; those of one name must follow each other, and say once what they are.
    static func text(_ rows: [MetricRow]) -> String {
        var text = ""
        var last = ""
        for row in rows {
            if row.name != last {
                text += "# HELP forever_\(row.name) \(row.help)\n# TYPE forever_\(row.name) \(row.kind)\n"
                last = row.name
            }
            let labels = row.labels.map { "\($0.key)=\"\(escaped($0.value))\"" }.joined(separator: ",")
            text += "forever_\(row.name)" + (labels.isEmpty ? " " : "{\(labels)} ") + row.value + "\n"
        }
        return text
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            default: result.append(character)
            }
        }
        return result
    }
}
