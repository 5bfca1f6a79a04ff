import CFFmpeg
import Foundation

/// Reads tags and embedded pictures through FFmpeg: ID3v1 and v2, Vorbis comments, MP4 atoms, RIFF info.
///
/// **Thread:** any; keeps nothing between calls. **Cost:** the file's header, a millisecond or a few.
public struct FFmpegTagReader: Sendable {
    public init() {}

    /// The tags of the file at `path`. **Errors:** not a file that `AudioFile` could play, as far as its header shows.
    public func tags(atPath path: String) throws(CodecError) -> FileTags {
        let file = try FileBytes(path: path)
        let demuxer = try Demuxer(file: file)
        if demuxer.audioStream == nil || demuxer.durationSeconds == nil { try demuxer.findStreams() }
        guard let audio = demuxer.audioStream else {
            throw CodecError.refused(reason: "holds no sound", path: path)
        }
        var table = TagTable()
        add(demuxer.metadata, to: &table)
        add(demuxer.stream(audio).pointee.metadata, to: &table)
        var tags = table.tags
        tags.durationSeconds = demuxer.durationSeconds
        let markers = ID3Objects(file).data(described: SeratoMarkers.name).map(SeratoMarkers.cuePoints(inObject:))
        tags.cuePoints = Self.inOrder(demuxer.chapterStarts + table.cuePoints + (markers ?? []))
        tags.hasCover = picture(in: demuxer) != nil
        return tags
    }

    /// The first embedded picture that is a picture by its own bytes; nil if there is none.
    public func cover(atPath path: String) throws(CodecError) -> (bytes: [UInt8], mimeType: String)? {
        let demuxer = try Demuxer(file: try FileBytes(path: path))
        guard let found = picture(in: demuxer) else { return nil }
        return ([UInt8](found.bytes), found.mimeType)
    }

    /// Ascending, each once, none that cannot be.
    private static func inOrder(_ cuePoints: [Double]) -> [Double] {
        let possible = cuePoints.filter { $0.isFinite && $0 >= 0 && $0 <= Double(CodecLimits.trackSecondsMax) }
        return Array(Set(possible).sorted().prefix(CodecLimits.cuePointsMax))
    }

    private func picture(in demuxer: Demuxer) -> (bytes: UnsafeBufferPointer<UInt8>, mimeType: String)? {
        for index in 0..<demuxer.streamCount {
            let stream = demuxer.stream(index)
            let packet = stream.pointee.attached_pic
            guard stream.pointee.disposition & AV_DISPOSITION_ATTACHED_PIC != 0, let data = packet.data,
                packet.size > 0, packet.size <= CodecLimits.coverBytesMax
            else { continue }
            let bytes = UnsafeBufferPointer(start: data, count: Int(packet.size))
            if let type = PictureType.mimeType(of: bytes) { return (bytes, type) }
        }
        return nil
    }

    private func add(_ metadata: OpaquePointer?, to table: inout TagTable) {
        var entry: UnsafePointer<AVDictionaryEntry>?
        while let next = UnsafePointer(av_dict_get(metadata, "", entry, AV_DICT_IGNORE_SUFFIX)) {
            entry = next
            table.add(key: Self.text(next.pointee.key), value: Self.text(next.pointee.value))
        }
    }

    /// UTF-8 as the standards ask, Latin-1 as old programs wrote; nothing past 16 KiB is looked at.
    private static func text(_ pointer: UnsafePointer<CChar>) -> String {
        let bytes = UnsafeRawBufferPointer(start: pointer, count: strnlen(pointer, 16 << 10))
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        // A cut in the middle of a character is no reason to take the text for Latin-1.
        let repaired = String(decoding: bytes, as: UTF8.self)
        if bytes.count == 16 << 10 { return repaired }
        return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }
}

/// Tells a picture's type by its first bytes, whatever the tag claims.
package enum PictureType {
    package static func mimeType(of bytes: some Collection<UInt8>) -> String? {
        let head = Array(bytes.prefix(12))
        if head.starts(with: [0xff, 0xd8, 0xff]) { return "image/jpeg" }
        if head.starts(with: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]) { return "image/png" }
        if head.starts(with: Array("GIF8".utf8)) { return "image/gif" }
        if head.starts(with: Array("RIFF".utf8)), head.dropFirst(8).starts(with: Array("WEBP".utf8)) {
            return "image/webp"
        }
        return nil
    }
}
