import ForeverRelay

/// What `ICYMetadata` and `ICYInterleaver` promise.
enum ICYPromises {
    static func check(_ input: FuzzInput) throws(BrokenPromise) {
        let text = String(decoding: input.payload, as: UTF8.self)
        try checkBlock(text, url: nil)
        try checkBlock(text, url: String(decoding: input.payload.reversed(), as: UTF8.self))
        try InterleavedStream(input).check()
    }

    private static func checkBlock(_ title: String, url: String?) throws(BrokenPromise) {
        let block = ICYMetadata.block(title: title, url: url)
        try promise(block.count == 1 + Int(block[0]) * 16, "length \(block[0]) of \(block.count)")
        guard let fields = ICYReader.fields(block) else {
            throw BrokenPromise(description: "unreadable block for \(title.debugDescription)")
        }
        try promise(fields.first?.name == "StreamTitle", "\(fields)")
        try checkText(fields[0].text, of: title)
        if let url, fields.count > 1 {
            try promise(fields.count == 2 && fields[1].name == "StreamUrl", "\(fields)")
            try checkText(fields[1].text, of: url)
        } else {
            try promise(fields.count == 1, "\(fields)")
        }
    }

    /// The text comes back: as it was when it is harmless, else with spaces for control characters and an apostrophe
    /// for a quote, and cut at its end only.
    private static func checkText(_ back: String, of text: String) throws(BrokenPromise) {
        let bytes = Array(back.utf8)
        try promise(bytes.count <= ICYMetadata.titleBytesMax, "\(bytes.count) bytes")
        try promise(!bytes.contains { $0 < 32 || $0 == 127 }, "a control character")
        var plain: [UInt8] = text.utf8.first == UInt8(ascii: ";") ? [32] : []
        for byte in text.utf8 {
            if byte == UInt8(ascii: ";"), plain.last == UInt8(ascii: "'") {
                plain.removeLast()
                plain += "\u{2019}".utf8
            }
            plain.append(byte < 32 || byte == 127 ? 32 : byte)
        }
        try promise(plain.starts(with: bytes), "\(back.debugDescription) from \(text.debugDescription)")
        if plain.count <= ICYMetadata.titleBytesMax {
            try promise(plain.count == bytes.count, "cut without need: \(back.debugDescription)")
        }
    }
}
