import CFFmpeg

/// Everything needed to decode any stretch of a track: its packets, decoder parameters and where its sound begins.
struct CodedTrack {
    let path: String
    let packets: any PacketStore
    let parameters: CodecParameters
    /// Frames per second of what the decoder gives.
    let sampleRate: Int
    /// Raw frames before the track's first: encoder delay, priming, pre-skip.
    let headFrames: Int64
    /// Frames at `sampleRate` from there to the end of the sound, padding taken off.
    let frameCount: Int64

    /// Checks the bounds every kind of track keeps.
    init(
        path: String, packets: any PacketStore, parameters: CodecParameters, sampleRate: Int, headFrames: Int64,
        tailFrames: Int64
    ) throws(CodecError) {
        guard CodecLimits.sampleRates.contains(sampleRate) else {
            throw CodecError.refused(reason: "sample rate \(sampleRate) is not music's", path: path)
        }
        let head = max(0, headFrames)
        let count = packets.frameCount - head - max(0, tailFrames)
        guard count > 0 else { throw CodecError.refused(reason: "holds no sound", path: path) }
        guard count <= CodecLimits.trackSecondsMax * Int64(sampleRate) else {
            throw CodecError.refused(reason: "longer than a day", path: path)
        }
        self.path = path
        self.packets = packets
        self.parameters = parameters
        self.sampleRate = sampleRate
        self.headFrames = head
        frameCount = count
    }

    /// Packets to decode before the first wanted one, until the decoder has forgotten how it started.
    ///
    /// MP3: a reservoir of 511 bytes is up to 9 packets at the lowest rates, and one for overlap. AAC: overlap, and for
    /// the band replication of HE-AAC (2048 frames a packet) its header, repeated about twice a second.
    /// Opus: 80 ms by RFC 7845 section 4.6, here 200. Vorbis: overlap of the longest block.
    var leadPackets: Int {
        switch parameters.codec {
        case AV_CODEC_ID_MP3, AV_CODEC_ID_MP2, AV_CODEC_ID_MP1: 12
        case AV_CODEC_ID_AAC: packets.packetCount > 0 && packets.span(of: 0).frames > 1024 ? 32 : 4
        case AV_CODEC_ID_OPUS: max(4, 9600 / max(120, packets.packetCount > 0 ? packets.span(of: 0).frames : 960))
        case AV_CODEC_ID_VORBIS: 4
        default: 0
        }
    }
}
