import CFFmpeg

/// Makes a `CodedTrack` of an Ogg file by reading its pages once, decoding only the first few packets.
///
/// The first stream of a chain plays. Start and end are trimmed by granule positions; a stretch of lost pages becomes
/// as much silence as the granules say is missing.
struct OggScan {
    private let file: FileBytes

    init(file: FileBytes) { self.file = file }

    /// True if the file begins as Ogg does.
    static func recognises(_ file: FileBytes) throws(CodecError) -> Bool {
        let bytes = UnsafeMutableRawPointer.allocate(byteCount: 4, alignment: 4)
        defer { bytes.deallocate() }
        guard try file.read(at: 0, into: bytes, count: 4) == 4 else { return false }
        return UnsafeRawBufferPointer(start: bytes, count: 4).elementsEqual("OggS".utf8)
    }

    func run() throws(CodecError) -> CodedTrack {
        let (serial, codec, position) = try findStream()
        let buffer = PacketBuffer(padding: Int(forever_input_padding()))
        let reader = OggPacketReader(file: file, serial: serial, position: position, buffer: buffer)
        for _ in 0..<codec.headerPackets {
            guard let found = try reader.next() else { break }
            codec.addHeader(Array(UnsafeBufferPointer(start: buffer.bytes, count: found.bytes)))
        }
        let parameters = try codec.parameters(path: file.path)
        let trial = try TrialDecode(parameters, path: file.path)
        let trialBuffer = PacketBuffer(padding: Int(forever_input_padding()))
        let packets = OggPackets(file: file, serial: serial)
        var clock = GranuleClock()
        // Packets after a loss wait for their page's granule, which says how much silence comes before them.
        var waiting: [(found: OggPacketReader.Found, frames: Int)] = []
        func settle() {
            for (found, frames) in waiting { packets.append(found, frames: frames) }
            waiting.removeAll(keepingCapacity: true)
        }
        while let found = try reader.next() {
            guard packets.packetCount < CodecLimits.packetsMax else {
                throw CodecError.refused(reason: "more packets than any music has", path: file.path)
            }
            if found.followsLoss {
                settle()
                clock.lossBegins()
            }
            if packets.packetCount < CodecLimits.trialPackets || trial.format == nil && packets.packetCount < 64 {
                trial.decode(buffer.bytes, count: found.bytes, buffer: trialBuffer)
            }
            waiting.append((found, codec.frames(buffer.bytes, count: found.bytes)))
            let frames = waiting.reduce(packets.frameCount) { $0 + Int64($1.frames) }
            if let granule = found.granule, granule >= 0 {
                let missing = clock.pageEnds(granule: granule, frames: frames, isLast: found.isLast)
                if missing > 0, missing <= CodecLimits.lostSecondsMax * Int64(parameters.sampleRate) {
                    packets.appendLost(frames: missing)
                }
                settle()
            } else if !clock.hasLoss || waiting.count > 255 {
                settle()
            }
        }
        settle()
        guard let format = trial.format, format.sampleRate == parameters.sampleRate else {
            throw CodecError.refused(reason: "holds no sound that decodes", path: file.path)
        }
        let head = codec.kind == .opus ? codec.preSkip : clock.headFrames
        return try CodedTrack(
            path: file.path, packets: packets, parameters: parameters, sampleRate: parameters.sampleRate,
            headFrames: head, tailFrames: clock.tailFrames(of: packets.frameCount))
    }

    /// The first logical stream that is played, among those that begin at the file's start.
    private func findStream() throws(CodecError) -> (UInt32, OggCodec, Int64) {
        let pages = OggPageReader(file: file)
        for _ in 0..<CodecLimits.streamsMax {
            guard let (page, body) = try pages.next() else { break }
            guard page.isFirst, let length = page.segments.first, length < 255 else { continue }
            if let codec = OggCodec(firstPacket: Array(body.prefix(Int(length)))) {
                return (page.serial, codec, page.offset)
            }
        }
        throw CodecError.refused(reason: "holds no Vorbis, Opus or FLAC", path: file.path)
    }
}

/// Compares the frames that packets decode to with the granule positions that pages carry. Pure.
struct GranuleClock {
    /// Counted frames minus granule: more than 0 if the start is trimmed, less if the stream begins in the middle.
    private var offset: Int64?
    private var lastGranule: Int64?
    /// Pages were lost since the last granule.
    private(set) var hasLoss = false

    mutating func lossBegins() { hasLoss = true }

    /// A page ended after `frames` counted frames. Gives the frames that lost pages would have held.
    mutating func pageEnds(granule: Int64, frames: Int64, isLast: Bool) -> Int64 {
        defer { hasLoss = false }
        guard granule < 1 << 56 else { return 0 }
        guard let offset else {
            // A first page that is also the last is trimmed at its end, not its start.
            offset = isLast && granule < frames ? 0 : frames - granule
            lastGranule = granule
            return 0
        }
        lastGranule = granule
        return hasLoss ? max(0, granule + offset - frames) : 0
    }

    /// Frames to drop at the start.
    var headFrames: Int64 { max(0, offset ?? 0) }

    /// Frames to drop at the end of `frames` counted ones.
    func tailFrames(of frames: Int64) -> Int64 {
        guard let offset, let lastGranule else { return 0 }
        return max(0, frames - (lastGranule + offset))
    }
}
