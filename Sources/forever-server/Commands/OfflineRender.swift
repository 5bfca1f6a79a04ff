import ForeverCodec
import ForeverMix

/// Renders part of a mix into a file.
struct OfflineRender {
    let renderer: MixRenderer
    /// The timeline that is right up to an output frame.
    let timeline: (_ frame: Int64) -> MixTimeline
    let from: Int64
    let frameCount: Int64

    /// Frames rendered at once.
    static let blockFrames = 4_800

    func run(into writer: AudioFileWriter, progress: ProgressLine) throws {
        var block = StereoBuffer(frameCount: OfflineRender.blockFrames)
        var done: Int64 = 0
        while done < frameCount {
            let count = Int(min(Int64(OfflineRender.blockFrames), frameCount - done))
            if count != block.frameCount { block = StereoBuffer(frameCount: count) }
            renderer.render(timeline(from + done + Int64(count)), from: from + done, into: &block)
            try writer.write(block)
            done += Int64(count)
            progress.show("mixing: \(Int(AudioFormat.seconds(done))) of \(Int(AudioFormat.seconds(frameCount))) s")
        }
        try writer.finish()
        progress.clear()
    }
}
