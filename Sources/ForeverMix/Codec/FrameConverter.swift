import CFFmpeg
import ForeverMix
import Foundation

/// Turns decoded frames of any sample format and channel layout into planar stereo Float32 at their own rate.
///
/// Stateless from frame to frame. Mono goes to both sides at full level, surround is mixed down by FFmpeg's matrix,
/// scaled so that it cannot exceed full scale. NaN and infinity become 0.
final class FrameConverter {
    private var resampler: OpaquePointer?
    private var format: Int32 = -1
    private var layout = AVChannelLayout()

    deinit {
        swr_free(&resampler)
        av_channel_layout_uninit(&layout)
    }

    /// Writes at most `capacity` frames to `left` and `right`. **Errors:** nil when the frame cannot be converted.
    func convert(
        _ frame: UnsafePointer<AVFrame>, to left: UnsafeMutablePointer<Float>, _ right: UnsafeMutablePointer<Float>,
        capacity: Int
    ) -> Int? {
        let count = min(Int(frame.pointee.nb_samples), capacity)
        let channels = Int(frame.pointee.ch_layout.nb_channels)
        guard count > 0, (1...CodecLimits.channelsMax).contains(channels), let data = frame.pointee.extended_data,
            let first = data[0]
        else { return nil }
        let isPlanarFloat = frame.pointee.format == AV_SAMPLE_FMT_FLTP.rawValue
        if isPlanarFloat, channels == 2, let second = data[1] {
            UnsafeMutableRawPointer(left).copyMemory(from: first, byteCount: count * 4)
            UnsafeMutableRawPointer(right).copyMemory(from: second, byteCount: count * 4)
        } else if channels == 2, frame.pointee.format == AV_SAMPLE_FMT_S16.rawValue {
            deinterleave(UnsafeRawPointer(first).assumingMemoryBound(to: Int16.self), count, left, right)
            return count
        } else {
            guard prepare(frame) else { return nil }
            var target: (UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<UInt8>?) = (
                UnsafeMutableRawPointer(left).assumingMemoryBound(to: UInt8.self),
                UnsafeMutableRawPointer(right).assumingMemoryBound(to: UInt8.self)
            )
            let made = withUnsafeMutablePointer(to: &target) { pair in
                pair.withMemoryRebound(to: UnsafeMutablePointer<UInt8>?.self, capacity: 2) { planes in
                    data.withMemoryRebound(to: UnsafePointer<UInt8>?.self, capacity: channels) { source in
                        swr_convert(resampler, planes, Int32(count), source, Int32(count))
                    }
                }
            }
            guard made == count else { return nil }
            if channels == 1 { UnsafeMutableRawPointer(right).copyMemory(from: left, byteCount: count * 4) }
        }
        clean(left, count)
        clean(right, count)
        return count
    }

    private func prepare(_ frame: UnsafePointer<AVFrame>) -> Bool {
        var wanted = AVChannelLayout()
        defer { av_channel_layout_uninit(&wanted) }
        withUnsafePointer(to: frame.pointee.ch_layout) { _ = av_channel_layout_copy(&wanted, $0) }
        if wanted.order == AV_CHANNEL_ORDER_UNSPEC || av_channel_layout_check(&wanted) == 0 {
            let channels = wanted.nb_channels
            av_channel_layout_uninit(&wanted)
            av_channel_layout_default(&wanted, channels)
        }
        if resampler != nil, frame.pointee.format == format, av_channel_layout_compare(&wanted, &layout) == 0 {
            return true
        }
        swr_free(&resampler)
        var stereo = AVChannelLayout()
        // Mono stays mono here and is copied, so that it keeps its level.
        av_channel_layout_default(&stereo, wanted.nb_channels == 1 ? 1 : 2)
        if wanted.nb_channels == 1 { av_channel_layout_default(&wanted, 1) }
        let rate = Int32(AudioFormat.sampleRate)
        guard
            swr_alloc_set_opts2(
                &resampler, &stereo, AV_SAMPLE_FMT_FLTP, rate, &wanted, AVSampleFormat(frame.pointee.format), rate, 0,
                nil) >= 0
        else { return false }
        av_opt_set_double(UnsafeMutableRawPointer(resampler), "rematrix_maxval", 1, 0)
        guard swr_init(resampler) >= 0 else {
            swr_free(&resampler)
            return false
        }
        format = frame.pointee.format
        av_channel_layout_copy(&layout, &wanted)
        return true
    }
}

/// Splits interleaved 16-bit stereo.
private func deinterleave(
    _ source: UnsafePointer<Int16>, _ count: Int, _ left: UnsafeMutablePointer<Float>,
    _ right: UnsafeMutablePointer<Float>
) {
    for index in 0..<count {
        left[index] = Float(source[2 * index]) * 0x1p-15
        right[index] = Float(source[2 * index + 1]) * 0x1p-15
    }
}

/// Not-a-number and infinity become silence, absurd levels the limit.
private func clean(_ samples: UnsafeMutablePointer<Float>, _ count: Int) {
    let limit = CodecLimits.amplitudeMax
    for index in 0..<count {
        let sample = samples[index]
        let bounded = min(max(sample, -limit), limit)
        samples[index] = sample.isFinite ? bounded : 0
    }
}
