import CFFmpeg
import Foundation

/// Makes a `CodedTrack` of any container by reading all its packets once, decoding only the first few.
struct PacketScan {
    private let file: FileBytes
    private let demuxer: Demuxer
    private let streamIndex: Int
    private let parameters: CodecParameters
    private let buffer = PacketBuffer(padding: Int(forever_input_padding()))

    private var table = PacketTable()
    private var pcmStart: Int64 = -1
    private var pcmEnd: Int64 = 0
    private var headFrames: Int64 = 0
    private var tailFrames: Int64 = 0
    private var hasSound = false
    /// For streams without a container, where damage moves packet borders.
    private var sync: FrameSync?
    /// How far the demuxer's positions are off since the last damage.
    private var drift: Int64 = 0
    private var searchesLeft = CodecLimits.damagesMax
    private static let searchBytes = 256 << 10

    init(file: FileBytes) throws(CodecError) {
        self.file = file
        demuxer = try Demuxer(file: file)
        try demuxer.findStreams()
        guard let index = demuxer.audioStream else {
            throw CodecError.refused(reason: "holds no sound", path: file.path)
        }
        streamIndex = index
        sync =
            demuxer.containerName == "mp3"
            ? FrameSync(.mpegAudio) : demuxer.containerName == "aac" ? FrameSync(.adts) : nil
        demuxer.select(index)
        parameters = try CodecParameters(copying: demuxer.stream(index).pointee.codecpar, path: file.path)
        guard CodecLimits.sampleRates.contains(parameters.sampleRate) else {
            throw CodecError.refused(reason: "sample rate \(parameters.sampleRate) is not music's", path: file.path)
        }
    }

    /// Reads to the end. **Errors:** no sound, a limit passed, or packets that are not stretches of the file.
    mutating func run() throws(CodecError) -> CodedTrack {
        let trial = try TrialDecode(parameters, path: file.path)
        let timeBase = demuxer.stream(streamIndex).pointee.time_base
        var lengths = ScanLengths(parameters: parameters, timeBase: timeBase)
        var seen = 0
        while let packet = demuxer.nextPacket(of: streamIndex) {
            let bytes = Int(packet.pointee.size)
            guard bytes > 0, let data = packet.pointee.data else { continue }
            guard bytes <= CodecLimits.packetBytesMax, seen < CodecLimits.packetsMax else {
                throw CodecError.refused(reason: "more or larger packets than any music has", path: file.path)
            }
            if seen < CodecLimits.trialPackets || trial.format == nil && seen < 64 {
                trial.decode(data, count: bytes, buffer: buffer)
            }
            try place(packet, frames: lengths.frames(of: packet), number: seen)
            seen += 1
        }
        guard let format = trial.format else {
            throw CodecError.refused(reason: "holds no sound that decodes", path: file.path)
        }
        return try finish(format, lengths: lengths)
    }

    private mutating func place(_ packet: UnsafePointer<AVPacket>, frames: Int, number: Int) throws(CodecError) {
        var offset = packet.pointee.pos
        let bytes = Int(packet.pointee.size)
        // Later reads take the bytes from the file itself, so they must be what the demuxer gave.
        if !parameters.isPCM || number < 16 {
            guard let found = try locate(packet) else {
                if sync != nil { return }
                throw CodecError.refused(reason: "packets are not stretches of the file", path: file.path)
            }
            offset = found
        }
        if sync != nil {
            let data = UnsafeBufferPointer(start: packet.pointee.data, count: bytes)
            guard sync!.isGood(data, at: offset) else { return }
            let lost = sync!.goodFrame(at: offset, bytes: bytes)
            if lost > 0, !isTag(at: table.end) { appendLost(packets: lost, frames: frames) }
        }
        let skip = SkipSamples(packet)
        if packet.pointee.flags & AV_PKT_FLAG_DISCARD != 0 {
            if !hasSound { headFrames += Int64(frames) } else { tailFrames += Int64(frames) }
        } else {
            if !hasSound { headFrames += skip.start }
            hasSound = true
            tailFrames = skip.end > 0 ? tailFrames + skip.end : 0
        }
        if parameters.isPCM, table.packetCount == 0, pcmStart < 0 || offset == pcmEnd {
            if pcmStart < 0 { pcmStart = offset }
            pcmEnd = offset + Int64(bytes)
            return
        }
        guard pcmStart < 0 else {
            throw CodecError.refused(reason: "samples in pieces", path: file.path)
        }
        table.append(offset: offset, bytes: bytes, frames: frames)
    }

    /// Adds packets of no bytes, which sound as silence.
    private mutating func appendLost(packets: Int, frames: Int) {
        guard packets > 0, packets * frames <= Int(CodecLimits.lostSecondsMax) * parameters.sampleRate else { return }
        for _ in 0..<packets { table.append(offset: table.end, bytes: 0, frames: frames) }
    }

    /// True if the bytes there begin as tags in the middle of a stream do.
    private func isTag(at offset: Int64) -> Bool {
        guard (try? file.read(at: offset, into: buffer.bytes, count: 8)) == 8 else { return false }
        let head = UnsafeBufferPointer(start: buffer.bytes, count: 8)
        return ["ID3", "TAG", "APETAGEX", "LYRICS"].contains { head.starts(with: $0.utf8) }
    }

    /// Where the packet's bytes are; nil if not where the demuxer says, nor soon after the packet before.
    private mutating func locate(_ packet: UnsafePointer<AVPacket>) throws(CodecError) -> Int64? {
        let expected = packet.pointee.pos + drift
        if try holds(packet, at: expected) { return expected }
        // After damage FFmpeg's parsers count on as if nothing had been skipped.
        guard sync != nil, searchesLeft > 0 else { return nil }
        searchesLeft -= 1
        buffer.reserve(Self.searchBytes)
        let count = try file.read(at: table.end, into: buffer.bytes, count: Self.searchBytes)
        let size = Int(packet.pointee.size)
        let places = 0..<max(0, count - size + 1)
        guard let data = packet.pointee.data,
            let place = places.first(where: {
                buffer.bytes[$0] == data[0] && memcmp(buffer.bytes + $0, data, size) == 0
            })
        else { return nil }
        let found = table.end + Int64(place)
        drift = found - packet.pointee.pos
        return found
    }

    private func holds(_ packet: UnsafePointer<AVPacket>, at offset: Int64) throws(CodecError) -> Bool {
        let count = Int(packet.pointee.size)
        guard offset >= 0 else { return false }
        buffer.reserve(count)
        guard try file.read(at: offset, into: buffer.bytes, count: count) == count else { return false }
        return memcmp(buffer.bytes, packet.pointee.data, count) == 0
    }

    private mutating func finish(_ format: TrialDecode.Format, lengths: ScanLengths) throws(CodecError) -> CodedTrack {
        let packets: any PacketStore
        if pcmStart >= 0 {
            let channels = Int(parameters.pointer.pointee.ch_layout.nb_channels)
            let frameBytes = Int(av_get_bits_per_sample(parameters.codec)) * channels / 8
            guard frameBytes > 0 else { throw CodecError.refused(reason: "samples of no size", path: file.path) }
            packets = UniformPackets(
                file: file, offset: pcmStart, byteCount: pcmEnd - pcmStart, frameBytes: frameBytes)
        } else {
            if lengths.isFixed { table.makeUniform(frames: format.frames) }
            packets = TablePackets(file: file, table: table)
        }
        guard format.sampleRate == parameters.sampleRate || lengths.isFixed else {
            throw CodecError.refused(reason: "sample rate not as declared", path: file.path)
        }
        let (actual, declared) = (Int64(format.sampleRate), Int64(parameters.sampleRate))
        let scale = { (frames: Int64) in frames * actual / declared }
        var tail = scale(tailFrames)
        if tail == 0, lengths.isFixed, lengths.last > 0 {
            tail = max(0, Int64(format.frames) - scale(Int64(lengths.last)))
        }
        return try CodedTrack(
            path: file.path, packets: packets, parameters: parameters, sampleRate: format.sampleRate,
            headFrames: scale(headFrames), tailFrames: tail)
    }
}

/// How many frames each scanned packet says it decodes to, at the declared sample rate.
private struct ScanLengths {
    let parameters: CodecParameters
    let timeBase: AVRational
    /// Of the last packet: less than a whole one if the container trims it.
    private(set) var last = 0

    init(parameters: CodecParameters, timeBase: AVRational) {
        self.parameters = parameters
        self.timeBase = timeBase
    }

    /// An AAC packet always decodes to the same number of frames, whatever the container says of it.
    var isFixed: Bool { parameters.codec == AV_CODEC_ID_AAC }

    mutating func frames(of packet: UnsafePointer<AVPacket>) -> Int {
        let duration = min(max(packet.pointee.duration, 0), 1 << 40)
        let target = AVRational(num: 1, den: Int32(parameters.sampleRate))
        let frames = timeBase.den > 0 && timeBase.num > 0 ? av_rescale_q(duration, timeBase, target) : 0
        last = Int(min(max(frames, 0), Int64(CodecLimits.packetFramesMax)))
        return last
    }
}

/// What a demuxer asks to trim of a packet's frames.
private struct SkipSamples {
    var start: Int64 = 0
    var end: Int64 = 0

    init(_ packet: UnsafePointer<AVPacket>) {
        var size = 0
        guard let data = av_packet_get_side_data(packet, AV_PKT_DATA_SKIP_SAMPLES, &size), size >= 8 else { return }
        let raw = UnsafeRawPointer(data)
        start = Int64(UInt32(littleEndian: raw.loadUnaligned(as: UInt32.self)))
        end = Int64(UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: 4, as: UInt32.self)))
    }
}
