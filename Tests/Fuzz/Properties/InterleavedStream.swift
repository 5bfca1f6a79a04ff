import ForeverRelay

/// One listener's stream with titles, made by a script of bytes, and taken apart again.
///
/// The script says the interval, titles with their positions, and then turn after turn how much audio there is, how
/// much the kernel takes of it, and now and then that the titles change under the listener's feet.
struct InterleavedStream {
    private struct Turn {
        var audio: Int64
        var budget: Int
        var titles: [StreamTitle]?
    }

    private let interval: Int
    private let titles: [StreamTitle]
    private let turns: [Turn]

    init(_ input: FuzzInput) {
        interval = 1 + Int(input.options)
        var script = input.payload.makeIterator()
        func titles(_ count: Int) -> [StreamTitle] {
            (0..<count).compactMap { _ in
                guard let position = script.next(), let length = script.next() else { return nil }
                return StreamTitle(
                    position: Int64(position) * 4, text: String(repeating: "t\(position)", count: Int(length % 60)))
            }
        }
        self.titles = titles(Int(input.cuts % 5))
        var turns: [Turn] = []
        while turns.count < 64, let audio = script.next(), let budget = script.next() {
            let change = audio >= 250 ? titles(Int(budget % 4)) : nil
            turns.append(Turn(audio: Int64(audio), budget: Int(budget), titles: change))
        }
        self.turns = turns
    }

    func check() throws(BrokenPromise) {
        let whole = try wire(piecewise: false)
        let pieces = try wire(piecewise: true)
        try promise(whole.bytes == pieces.bytes, "the account differs from what was laid out")
        try takeApart(whole.bytes, whole.due)
    }

    private static func audio(at position: StreamPosition) -> UInt8 { UInt8(truncatingIfNeeded: position &* 167 >> 2) }

    /// The bytes on the wire, and the title that was due at each block begun. With `piecewise`, every turn walks in
    /// several budgets, as when the kernel takes some of what was laid out.
    private func wire(piecewise: Bool) throws(BrokenPromise) -> (bytes: [UInt8], due: [StreamPosition: Set<String>]) {
        var icy = ICYInterleaver(intervalBytes: interval)
        var track = TitleTrack()
        track.replace(with: titles)
        var bytes: [UInt8] = []
        var due: [StreamPosition: Set<String>] = [:]
        var position: StreamPosition = 0
        var limit: StreamPosition = 0
        for turn in turns {
            if let titles = turn.titles {
                // Another epoch brings another track; else the same one gets other titles.
                if turn.budget & 4 == 0 {
                    track = TitleTrack()
                    icy.goToAnotherTrack()
                }
                track.replace(with: titles)
            }
            let known = track.titles
            // A block that has not begun to leave is chosen anew when its title goes.
            due[position]?.insert(known.last { $0.position <= position }?.text ?? "")
            limit += turn.audio
            var left = turn.budget
            while left > 0 {
                var budget = piecewise ? min(left, 7) : left
                let offered = budget
                let before = position
                let walked = icy.walk(
                    from: position, to: limit, budget: &budget, titles: track
                ) { block, start, count in
                    if let block {
                        bytes += UnsafeRawBufferPointer(start: block, count: count)
                    } else {
                        for offset in 0..<Int64(count) { bytes.append(Self.audio(at: start + offset)) }
                    }
                    return true
                }
                position += walked
                try promise(position <= limit && walked >= 0, "beyond the limit")
                // The title that counts is the one that is known when the audio before the block has been walked.
                for end in (before + 1)..<(max(before, position) + 1) where end % Int64(interval) == 0 {
                    due[end] = [known.last { $0.position <= end }?.text ?? ""]
                }
                left -= offered
                if budget > 0 { break }
            }
        }
        return (bytes, due)
    }

    /// Reads as a player does: so much audio, a length, a title. A block may be cut short by the end only.
    private func takeApart(_ wire: [UInt8], _ due: [StreamPosition: Set<String>]) throws(BrokenPromise) {
        var rest = wire[...]
        var position: StreamPosition = 0
        var heard = ""
        while !rest.isEmpty {
            for byte in rest.prefix(interval) {
                try promise(byte == Self.audio(at: position), "audio byte \(position)")
                position += 1
            }
            rest = rest.dropFirst(interval)
            guard let units = rest.first else { return }
            let block = Array(rest.prefix(1 + Int(units) * 16))
            rest = rest.dropFirst(block.count)
            guard block.count == 1 + Int(units) * 16 else {
                try promise(rest.isEmpty, "bytes behind a short block")
                return
            }
            guard let title = due[position] else { throw BrokenPromise(description: "no block was due at \(position)") }
            guard units > 0 else { continue }
            let text = ICYReader.fields(block)?.first?.text
            // A title that was forgotten while its block was under way ends in zeros, and no player takes it.
            if let text { try promise(title.contains(text), "\(text) at \(position) instead of \(title)") }
            if text == nil { try promise(turns.contains { $0.titles != nil }, "an unreadable title at \(position)") }
            heard = text ?? heard
        }
        try promise(heard.isEmpty || due.values.contains { $0.contains(heard) }, "an unknown title")
    }
}
