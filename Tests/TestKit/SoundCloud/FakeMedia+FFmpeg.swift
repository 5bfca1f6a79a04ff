import Foundation

extension FakeMedia {
    /// AAC in fragmented MP4, cut as HLS does: made by ffmpeg from whatever `input` (its options) gives.
    package static func aac(_ input: [String], in folder: TemporaryFolder) throws -> FakeMedia {
        let name = "hls\(UInt32.random(in: 0...UInt32.max))"
        let place = folder(name)
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        try FFmpegCommand.run(
            input + [
                "-c:a", "aac", "-b:a", "160k", "-ar", "44100", "-ac", "2", "-f", "hls", "-hls_time", "10",
                "-hls_segment_type", "fmp4", "-hls_playlist_type", "vod", "-hls_fmp4_init_filename", "init.mp4",
                place + "/list.m3u8",
            ])
        var segments: [[UInt8]] = []
        var seconds: [Double] = []
        for line in String(decoding: folder.bytes(of: name + "/list.m3u8"), as: UTF8.self).split(separator: "\n") {
            if line.hasPrefix("#EXTINF:"), let length = Double(line.dropFirst(8).prefix { $0 != "," }) {
                seconds.append(length)
            } else if !line.hasPrefix("#") {
                segments.append(folder.bytes(of: "\(name)/\(line)"))
            }
        }
        return FakeMedia(
            initialPart: folder.bytes(of: name + "/init.mp4"), segments: segments, segmentSeconds: seconds)
    }

    /// MP3 cut into pieces of some ten seconds.
    package static func mp3(_ bytes: [UInt8], seconds: Double) -> FakeMedia {
        let count = max(1, Int(seconds / 10))
        let size = (bytes.count + count - 1) / count
        let pieces = stride(from: 0, to: bytes.count, by: size).map { Array(bytes[$0..<min($0 + size, bytes.count)]) }
        return FakeMedia(
            initialPart: nil, segments: pieces,
            segmentSeconds: pieces.map { seconds * Double($0.count) / Double(bytes.count) })
    }
}
