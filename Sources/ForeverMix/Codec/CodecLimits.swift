/// Every maximum of this module. A file asking for more is refused, never half believed.
package enum CodecLimits {
    /// Longest track, in seconds: a day. Its index is about 20 MB at the worst common packet rate.
    package static let trackSecondsMax: Int64 = 24 * 3600
    /// Most packets in one track: a day of Opus in packets of 2.5 ms has 34 million, of 20 ms 4.3 million.
    package static let packetsMax = 16 << 20
    /// Most bytes of one packet: a FLAC frame of 65535 frames of 8 channels of 32 bits is 2 MiB.
    package static let packetBytesMax = 4 << 20
    /// Most frames one packet decodes to (FLAC's 65535).
    package static let packetFramesMax = 65_535
    /// Streams looked at in one file, covers and video tracks included.
    package static let streamsMax = 32
    /// Most channels that are mixed down.
    package static let channelsMax = 16
    /// Sample rates that are music.
    package static let sampleRates = 8_000...192_000
    /// Bytes read to recognise a container and its streams.
    package static let probeBytesMax = 2 << 20
    /// Microseconds of sound read to recognise the streams.
    package static let probeMicrosecondsMax = 2_000_000
    /// How often a demuxer may move about in a file; a scan in order moves once per chunk at most.
    package static let seeksMax = 2_000_000
    /// How often a demuxer may stumble over one file before the rest is given up.
    package static let damagesMax = 1000
    /// What a demuxer may read of a file before it is taken for hung: the file four times, and some.
    package static func readBytesMax(fileBytes: Int64) -> Int64 { min(fileBytes, 1 << 50) * 4 + (16 << 20) }
    /// Packets decoded to learn the decoder's real output format.
    package static let trialPackets = 8
    /// Samples louder than this are a broken file's; 64 is 36 dB over full scale.
    package static let amplitudeMax: Float = 64
    /// Largest embedded picture.
    package static let coverBytesMax = 8 << 20
    /// Longest text of a tag, in characters.
    package static let tagCharactersMax = 512
    /// Cue points and chapters of one file.
    package static let cuePointsMax = 64
    /// Bytes of a tag that holds cue points: a hundred of them with names are 4 KiB.
    package static let markerBytesMax = 64 << 10
    /// Frames of an ID3 tag that are looked through.
    package static let tagFramesMax = 512
    /// Longest lost stretch of an Ogg file that is filled with silence, in seconds.
    package static let lostSecondsMax: Int64 = 60
}
