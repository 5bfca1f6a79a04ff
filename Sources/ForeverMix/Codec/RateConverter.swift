import CFFmpeg
import ForeverMix
import Foundation

/// Resamples planar stereo Float32 to 48 kHz: an FIR whose output frame k belongs to input time k * rate / 48000.
///
/// Restarted where input and output frames coincide, and fed from `leadIn` frames before, its output depends on the
/// samples around each frame only. **Cost:** libswresample's polyphase filter, 64 taps.
final class RateConverter {
    private var resampler: OpaquePointer?
    private let path: String
    /// Input frames per coincidence with output frames: 147 at 44.1 kHz (there 160 output frames).
    let inputStep: Int
    let outputStep: Int
    /// Input frames to feed before the first wanted one; a multiple of `inputStep`, longer than the filter.
    let leadIn: Int

    private static let taps = 64

    init(rate: Int, path: String) throws(CodecError) {
        self.path = path
        let common = greatestCommonDivisor(rate, AudioFormat.sampleRate)
        inputStep = rate / common
        outputStep = AudioFormat.sampleRate / common
        // Going down in rate the filter widens by the same factor.
        let filterFrames = Self.taps * max(1, (rate + AudioFormat.sampleRate - 1) / AudioFormat.sampleRate)
        leadIn = (filterFrames + inputStep - 1) / inputStep * inputStep
        var stereo = AVChannelLayout()
        av_channel_layout_default(&stereo, 2)
        var same = stereo
        var code = swr_alloc_set_opts2(
            &resampler, &same, AV_SAMPLE_FMT_FLTP, Int32(AudioFormat.sampleRate), &stereo, AV_SAMPLE_FMT_FLTP,
            Int32(rate), 0, nil)
        guard code >= 0 else { throw CodecError.codec("swr_alloc_set_opts2", code, path) }
        av_opt_set_int(UnsafeMutableRawPointer(resampler), "filter_size", Int64(Self.taps), 0)
        code = swr_init(resampler)
        guard code >= 0 else { throw CodecError.codec("swr_init", code, path) }
    }

    deinit { swr_free(&resampler) }

    /// Output frames that `leadIn` becomes: thrown away by whoever feeds it.
    var leadOut: Int { leadIn / inputStep * outputStep }

    /// Forgets everything fed, as if new.
    func restart() throws(CodecError) {
        let code = swr_init(resampler)
        guard code >= 0 else { throw CodecError.codec("swr_init", code, path) }
    }

    /// Most output frames that feeding `count` frames can give.
    func outputMax(_ count: Int) -> Int { Int(swr_get_out_samples(resampler, Int32(count))) }

    /// Feeds `count` frames and writes what comes out, at most `capacity` frames. Gives the frames written.
    func convert(
        _ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>, count: Int,
        to outputLeft: UnsafeMutablePointer<Float>, _ outputRight: UnsafeMutablePointer<Float>, capacity: Int
    ) throws(CodecError) -> Int {
        let made = withUnsafeTemporaryAllocation(of: UnsafeMutablePointer<UInt8>?.self, capacity: 2) { targets in
            withUnsafeTemporaryAllocation(of: UnsafePointer<UInt8>?.self, capacity: 2) { sources in
                targets[0] = UnsafeMutableRawPointer(outputLeft).assumingMemoryBound(to: UInt8.self)
                targets[1] = UnsafeMutableRawPointer(outputRight).assumingMemoryBound(to: UInt8.self)
                sources[0] = UnsafeRawPointer(left).assumingMemoryBound(to: UInt8.self)
                sources[1] = UnsafeRawPointer(right).assumingMemoryBound(to: UInt8.self)
                return swr_convert(
                    resampler, targets.baseAddress, Int32(capacity), sources.baseAddress, Int32(count))
            }
        }
        guard made >= 0 else { throw CodecError.codec("swr_convert", made, path) }
        return Int(made)
    }
}

/// The largest number that divides both.
func greatestCommonDivisor(_ first: Int, _ second: Int) -> Int {
    var (larger, smaller) = (first, second)
    while smaller != 0 { (larger, smaller) = (smaller, larger % smaller) }
    return larger
}
