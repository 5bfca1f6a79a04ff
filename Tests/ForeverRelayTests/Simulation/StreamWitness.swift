import ForeverRelay

/// What one connection got, held against what there was: the sound against the stream's bytes by the connection's
/// position map, the titles against theirs. Takes titles out by itself.
struct StreamWitness {
    /// A block that has come: after how many bytes of sound, and its text with the padding.
    private struct Block {
        var at: Int64
        var text: [UInt8]
        var mayBeCut: Bool
    }

    /// What a display shows. Stale after a new epoch or a block that had to be cut: then the title must come in full.
    private enum Shown: Equatable { case nothing, text(String), stale }

    let interval: Int
    /// where its sound comes from, all of it
    private(set) var segments: [PositionSegment]
    /// bytes of sound so far
    private(set) var soundBytes: Int64 = 0
    /// lost in skips within one epoch
    private(set) var skippedBytes: Int64 = 0
    private(set) var skips: Int64 = 0

    private var untilBlock: Int
    private var blockLeft = 0
    private var block: [UInt8]?
    private var blockMayBeCut = false
    private var shown = Shown.nothing

    init(start: PositionSegment, interval: Int) {
        segments = [start]
        self.interval = interval
        untilBlock = interval
    }

    /// The position of the next byte.
    var position: StreamPosition { segments.last!.position + soundBytes - segments.last!.sent }
    var epoch: Epoch { segments.last!.epoch }

    /// A title was renamed: a block that is under way may end in padding.
    mutating func titlesChanged() { if block != nil { blockMayBeCut = true } }

    /// Where the old stream ended for a segment that follows it, and what was still held then.
    struct Ending {
        /// end of what the old one holds
        var edge: StreamPosition
        /// may bytes before it be missing, since they are not held any more
        var oldest: StreamPosition
    }

    /// Takes the bytes of one step with the map as it is after it. Gives what is wrong with them.
    ///
    /// - recorded: the map's segments; nil for a connection without map, which never skips
    /// - endings: of the epochs that have ended, and of the one that plays
    mutating func take(
        _ bytes: [UInt8], recorded: [PositionSegment]?, burstBytes: Int64, endings: [Epoch: Ending],
        history: inout StreamHistory
    ) -> String? {
        let before = soundBytes
        var sound: [UInt8] = []
        var blocks: [Block] = []
        separate(bytes, into: &sound, &blocks)
        if let recorded, let wrong = follow(recorded, before, sound.count, burstBytes, endings, history) {
            return wrong
        }
        soundBytes = before + Int64(sound.count)
        if let wrong = compare(sound, from: before, &history) { return wrong }
        for block in blocks { if let wrong = compare(block, history) { return wrong } }
        return nil
    }

    private mutating func separate(_ bytes: [UInt8], into sound: inout [UInt8], _ blocks: inout [Block]) {
        guard interval > 0 else {
            sound = bytes
            return
        }
        var index = 0
        while index < bytes.count {
            if block != nil {
                let count = min(blockLeft, bytes.count - index)
                block! += bytes[index..<(index + count)]
                blockLeft -= count
                index += count
            } else if untilBlock == 0 {
                blockLeft = Int(bytes[index]) * 16
                block = []
                blockMayBeCut = false
                index += 1
            } else {
                let count = min(untilBlock, bytes.count - index)
                sound += bytes[index..<(index + count)]
                untilBlock -= count
                index += count
            }
            if let text = block, blockLeft == 0 {
                blocks.append(Block(at: soundBytes + Int64(sound.count), text: text, mayBeCut: blockMayBeCut))
                block = nil
                untilBlock = interval
            }
        }
    }

    /// Takes over new segments, each of which must be a skip that is allowed.
    private mutating func follow(
        _ recorded: [PositionSegment], _ before: Int64, _ count: Int, _ burstBytes: Int64,
        _ endings: [Epoch: Ending], _ history: StreamHistory
    ) -> String? {
        // Old ones stay what they are; only one of which no byte was sent may be replaced.
        var replaced: PositionSegment?
        if let last = segments.last, last.sent == before, !recorded.contains(last) {
            replaced = segments.removeLast()
        }
        let known = recorded.filter { segments.contains($0) }.count
        guard known == segments.count || recorded.count == PositionMaps.segmentsMax,
            recorded.prefix(known).elementsEqual(segments.suffix(known))
        else { return "the map's past changed: \(segments) to \(recorded)" }
        for next in recorded.dropFirst(known) {
            guard let last = segments.last ?? replaced else { return "no map" }
            let end = last.position + next.sent - last.sent
            guard next.sent >= before, next.sent <= before + Int64(count) else {
                return "a segment begins at \(next.sent), not among the bytes \(before) + \(count)"
            }
            guard let ending = endings[last.epoch], endings[next.epoch] != nil else { return "an unknown epoch" }
            let format = history.format(last.epoch)
            let isLost = end < ending.oldest
            if end != format.frameFloor(end), !isLost { return "a frame is torn before a skip at \(end)" }
            if next.position != history.format(next.epoch).frameFloor(next.position) {
                return "a skip ends inside a frame at \(next.position)"
            }
            if next.epoch == last.epoch {
                if next.position <= end { return "goes back from \(end) to \(next.position)" }
                if !isLost, next.position - end < burstBytes - 2 * format.frameBytes {
                    return "skips \(next.position - end) bytes at \(end), and was hardly behind"
                }
                skips += 1
                skippedBytes += next.position - end
            } else {
                if end < ending.edge, !isLost { return "left the old epoch at \(end), it held up to \(ending.edge)" }
                if shown != .nothing { shown = .stale }
                if block != nil { blockMayBeCut = true }
                if let replaced, replaced.epoch == next.epoch {
                    skips += 1
                    skippedBytes += next.position - replaced.position
                }
            }
            segments.append(next)
        }
        return nil
    }

    private func compare(_ sound: [UInt8], from before: Int64, _ history: inout StreamHistory) -> String? {
        var done = 0
        for (index, segment) in segments.enumerated() {
            let end = index + 1 < segments.count ? segments[index + 1].sent : before + Int64(sound.count)
            let from = before + Int64(done)
            guard end > from else { continue }
            let count = Int(min(end, before + Int64(sound.count)) - from)
            let position = segment.position + from - segment.sent
            let expected = history.bytes(segment.epoch, position, position + Int64(count))
            guard sound[done..<(done + count)].elementsEqual(expected) else {
                let offset = zip(sound[done...], expected).enumerated().first { $1.0 != $1.1 }?.offset ?? 0
                return "byte \(from + Int64(offset)) is not the stream's at \(position + Int64(offset))"
            }
            done += count
        }
        return done == sound.count ? nil : "bytes that no segment covers"
    }

    /// The positions that the block after `at` bytes of sound may be for: at a skip, either side.
    private func places(_ at: Int64) -> [(Epoch, StreamPosition)] {
        var places: [(Epoch, StreamPosition)] = []
        for (index, segment) in segments.enumerated() where segment.sent <= at {
            let isLast = index + 1 == segments.count
            if isLast || segments[index + 1].sent >= at {
                places.append((segment.epoch, segment.position + at - segment.sent))
            }
        }
        return places
    }

    private mutating func compare(_ block: Block, _ history: StreamHistory) -> String? {
        let candidates = places(block.at).map { history.titleTexts($0.0, at: $0.1) }
        if block.text.isEmpty {
            let isRight = candidates.contains { texts in
                switch shown {
                case .nothing: texts.isEmpty
                case .text(let text): texts.contains(text)
                case .stale: texts.isEmpty || candidates.count > 1
                }
            }
            return isRight ? nil : "no title after \(block.at) bytes, shown is \(shown), due one of \(candidates)"
        }
        for text in candidates.joined() {
            let expected = ICYMetadata.block(title: text).dropFirst()
            if block.text.elementsEqual(expected) {
                shown = .text(text)
                return nil
            }
            let kept = block.text.count - block.text.reversed().prefix { $0 == 0 }.count
            if block.mayBeCut, block.text.prefix(kept).elementsEqual(expected.prefix(kept)) {
                shown = .stale
                return nil
            }
        }
        let text = String(decoding: block.text, as: UTF8.self)
        return "the block after \(block.at) bytes says \(text), due one of \(candidates)"
    }
}
