import Foundation

/// A media playlist (RFC 8216) as SoundCloud writes them: complete, one init part at most, no byte ranges, no keys.
package struct HLSPlaylist: Hashable, Sendable {
    package struct Segment: Hashable, Sendable {
        package var address: URL
        /// **Units:** s.
        package var seconds: Double
    }

    /// What must stand before the first segment of fragmented MP4; nil for MP3.
    package var initialPart: URL?
    package var segments: [Segment]

    package var seconds: Double { segments.reduce(0) { $0 + $1.seconds } }

    /// - Parameter base: where it came from; addresses in it may be relative to that.
    /// **Errors:** why it is not taken.
    package init(_ text: String, base: URL) throws(SoundRefusal) {
        // "\r\n" is one character to Swift.
        let lines = text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty }
        guard lines.first?.hasPrefix("#EXTM3U") == true else { throw .playlist("no #EXTM3U") }
        segments = []
        var seconds: Double?
        var hasEnded = false
        for line in lines.dropFirst() {
            if line.hasPrefix("#EXTINF:") {
                let figure = line.dropFirst(8).prefix { $0 != "," }
                guard let length = Double(figure), length.isFinite, length >= 0, length < CloudLimits.segmentSecondsMax
                else {
                    throw .playlist("a segment of \(figure.prefix(20)) s")
                }
                seconds = length
            } else if line.hasPrefix("#EXT-X-MAP:") {
                // A second init part in the middle would be another stream.
                guard segments.isEmpty, initialPart == nil else { throw .playlist("several init parts") }
                let attributes = HLSPlaylist.attributes(line.dropFirst(11))
                guard attributes["BYTERANGE"] == nil else { throw .playlist("byte ranges") }
                guard let uri = attributes["URI"] else { throw .playlist("an init part without address") }
                initialPart = try HLSPlaylist.address(uri, base)
            } else if line.hasPrefix("#EXT-X-KEY:") || line.hasPrefix("#EXT-X-SESSION-KEY:") {
                let rest = line.drop { $0 != ":" }.dropFirst()
                let method = HLSPlaylist.attributes(rest)["METHOD"] ?? "unknown"
                guard method == "NONE" else { throw .encrypted(method: String(method.prefix(32))) }
            } else if line.hasPrefix("#EXT-X-STREAM-INF") {
                throw .playlist("a list of variants")
            } else if line.hasPrefix("#EXT-X-BYTERANGE") {
                throw .playlist("byte ranges")
            } else if line.hasPrefix("#EXT-X-DISCONTINUITY"), !line.hasPrefix("#EXT-X-DISCONTINUITY-SEQUENCE") {
                throw .playlist("a discontinuity")
            } else if line.hasPrefix("#EXT-X-ENDLIST") {
                hasEnded = true
                break
            } else if !line.hasPrefix("#") {
                guard let length = seconds else { throw .playlist("a segment without length") }
                guard segments.count < CloudLimits.segmentsMax else {
                    throw .tooLarge("more than \(CloudLimits.segmentsMax) segments")
                }
                segments.append(Segment(address: try HLSPlaylist.address(line, base), seconds: length))
                seconds = nil
            }
        }
        guard !segments.isEmpty else { throw .playlist("no segments") }
        // Without its end the list is cut short, and so would the track be.
        guard hasEnded else { throw .playlist("no end") }
    }

    /// Whether the other is the same sound under new addresses.
    package func isSameSound(as other: HLSPlaylist) -> Bool {
        segments.count == other.segments.count && (initialPart == nil) == (other.initialPart == nil)
            && zip(segments, other.segments).allSatisfy { abs($0.seconds - $1.seconds) < 0.01 }
    }

    private static func address(_ text: String, _ base: URL) throws(SoundRefusal) -> URL {
        guard let url = URL(string: text, relativeTo: base)?.absoluteURL else { throw .playlist("a broken address") }
        return url
    }

    /// `NAME=VALUE,NAME="VALUE"`.
    private static func attributes(_ text: Substring) -> [String: String] {
        var found: [String: String] = [:]
        for match in text.matches(of: #/([A-Z0-9-]+)=(?:"([^"]*)"|([^",]*))/#) {
            found[String(match.1)] = String(match.2 ?? match.3 ?? "")
        }
        return found
    }
}
