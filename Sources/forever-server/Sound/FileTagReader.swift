import ForeverCodec
import ForeverCore

/// Reads tags through FFmpeg: where ForeverCore's question meets ForeverCodec's answer.
struct FileTagReader: TagReader {
    func tags(atPath path: String) throws -> TrackTags {
        let found = try FFmpegTagReader().tags(atPath: path)
        return TrackTags(
            title: found.title, artist: found.artist, album: found.album, genre: found.genre, year: found.year,
            bpm: found.bpm, key: found.key, replayGainDecibels: found.replayGainDecibels,
            cuePoints: found.cuePoints.isEmpty ? nil : found.cuePoints,
            durationSeconds: found.durationSeconds, hasCover: found.hasCover)
    }
}
