import ForeverCodec
import ForeverCore
import ForeverMix
import ForeverTestKit
import Foundation

/// Music for the fake SoundCloud: the demo crate's, as files in pieces.
enum CloudSounds {
    /// Tracks 1 to `count`, by nine uploaders; no two sound alike.
    ///
    /// - isAAC: which of them come as fragmented MP4 in place of MP3; needs ffmpeg
    static func tracks(
        _ count: Int, seconds: Double, in folder: TemporaryFolder, isAAC: (Int) -> Bool = { _ in false }
    ) throws -> [FakeTrack] {
        try DemoCrate(seed: 3).tracks.prefix(count).enumerated().map { index, demo in
            let number = index + 1
            let (name, length) = try write(demo.makeSource(), seconds: seconds, to: "\(number).mp3", in: folder)
            let media =
                isAAC(number)
                ? try FakeMedia.aac(["-i", folder(name)], in: folder)
                : FakeMedia.mp3(folder.bytes(of: name), seconds: length)
            var track = FakeTrack(
                number, title: "Song \(number) [FREE DOWNLOAD]", uploader: "Uploader \(number % 9)",
                seconds: media.segmentSeconds.reduce(0, +), media: media)
            track.formats = [isAAC(number) ? "hls_aac_160_url" : "hls_mp3_128_url", "preview_mp3_128_url"]
            return track
        }
    }

    private static func write(
        _ source: any SampleSource, seconds: Double, to name: String, in folder: TemporaryFolder
    ) throws -> (name: String, seconds: Double) {
        let writer = try AudioFileWriter(path: folder(name), bitrateKbps: 128)
        let frames = min(source.frameCount, AudioFormat.frames(seconds))
        var done: Int64 = 0
        while done < frames {
            let part = Int(min(48_000, frames - done))
            var block = StereoBuffer(frameCount: part)
            try source.read(from: done, count: part, into: &block, at: 0)
            try writer.write(block)
            done += Int64(part)
        }
        try writer.finish()
        return (name, AudioFormat.seconds(frames))
    }
}
