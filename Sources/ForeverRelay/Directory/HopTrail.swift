/// Which relays have sent a listener back on its way: the `not` of a query. Pure.
package struct HopTrail: Hashable {
    /// A listener that was sent back so often stays where it is, or is told to come later.
    package static let hopsMax = 2
    static let idBytesMax = 64

    /// ids in the order in which they sent it back
    package let ids: [String]
    /// the query without its `not`; empty for none
    private let rest: String

    /// Reads a query as it came. What is no id is as if it were not there.
    package init(query: String?) {
        var ids: [String] = []
        var rest: [Substring] = []
        for item in (query ?? "").split(separator: "&") {
            guard item.hasPrefix("not=") else {
                rest.append(item)
                continue
            }
            for id in item.dropFirst(4).split(separator: ",") where Self.isID(id) && !ids.contains(String(id)) {
                ids.append(String(id))
            }
        }
        self.ids = Array(ids.prefix(Self.hopsMax + 1))
        self.rest = rest.joined(separator: "&")
    }

    /// Whether it has been sent back as often as may be.
    package var isSpent: Bool { ids.count >= Self.hopsMax }

    /// The query with one more id, question mark included; nil where its own was there already: it goes in circles.
    package func query(adding id: String) -> String? {
        guard !ids.contains(id) else { return nil }
        let not = "not=" + (ids + [id]).joined(separator: ",")
        return "?" + (rest.isEmpty ? not : rest + "&" + not)
    }

    private static func isID(_ text: Substring) -> Bool {
        (1...idBytesMax).contains(text.utf8.count)
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
    }
}
