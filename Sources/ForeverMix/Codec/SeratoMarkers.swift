import Foundation

/// Cue points as Serato DJ writes them into files, the form that most programs for DJs read and write: base64 of a
/// list of named entries, of which "CUE" ones hold a time. Pure; what it cannot read gives nothing.
enum SeratoMarkers {
    /// How ID3 and Vorbis comments call it.
    static let name = "Serato Markers2"

    /// Times of the cue points in the data of an ID3 object of that name. **Units:** s.
    static func cuePoints(inObject data: [UInt8]) -> [Double] {
        // Two bytes of version, then text in base64, filled up with zeros.
        guard data.starts(with: [1, 1]), let list = base64(data.dropFirst(2)) else { return [] }
        return cuePoints(inList: list)
    }

    /// The same of a Vorbis comment or an MP4 atom: base64 of a whole ID3 object.
    static func cuePoints(inText text: String) -> [Double] {
        guard let object = base64(text.utf8) else { return [] }
        let name = Array(SeratoMarkers.name.utf8) + [0]
        guard let start = object.indices.first(where: { object[$0...].starts(with: name) }) else { return [] }
        return cuePoints(inObject: Array(object[(start + name.count)...]))
    }

    private static func cuePoints(inList list: [UInt8]) -> [Double] {
        guard list.starts(with: [1, 1]) else { return [] }
        var cues: [Double] = []
        var at = 2
        while at < list.count, list[at] != 0, cues.count < CodecLimits.cuePointsMax {
            guard let nameEnd = list[at...].firstIndex(of: 0), nameEnd + 5 <= list.count else { break }
            let size = number(list[(nameEnd + 1)..<(nameEnd + 5)])
            let body = nameEnd + 5
            guard size <= list.count - body else { break }
            // A zero, the cue's number, its place in milliseconds, ...
            if list[at..<nameEnd].elementsEqual("CUE".utf8), size >= 6 {
                cues.append(Double(number(list[(body + 2)..<(body + 6)])) / 1000)
            }
            at = body + size
        }
        return cues
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }

    /// Up to the first zero; line breaks are no part of it, and the filling at the end is often forgotten.
    private static func base64(_ bytes: some Sequence<UInt8>) -> [UInt8]? {
        var clean = bytes.prefix { $0 != 0 }.filter { $0 > 0x20 && $0 != UInt8(ascii: "=") }
        guard clean.count <= CodecLimits.markerBytesMax else { return nil }
        // One sign too many tells nothing by itself.
        if clean.count % 4 == 1 { clean.removeLast() }
        clean += [UInt8](repeating: UInt8(ascii: "="), count: (4 - clean.count % 4) % 4)
        return Data(base64Encoded: Data(clean)).map { [UInt8]($0) }
    }
}
