import Glibc

/// Holds what the root sent against an encoding that nothing interrupted.
///
/// The station's journal is rendered again from the epoch's first byte by `forever-server mix --at` into one MP3. Where a
/// restart had been heard, its frames would be others.
struct SeamCheck {
    struct Outcome {
        var said: String
        /// What is wrong; nil when nothing is.
        var wrong: String?
    }

    let place: Workplace
    let data: String

    private static let renderSecondsMax = 900.0
    /// The file's encoder begins with its first frame; the station's has been primed with as many.
    private static let unprimedFrames = 100
    private static let bytesPerSecond = 16_000.0

    /// **Errors:** when the journal cannot be rendered.
    func compare(_ reference: Reference) throws(SoakError) -> Outcome {
        guard reference.start == 0 else {
            return Outcome(
                said: "not compared", wrong: "the reference begins at \(reference.start), not at the first byte")
        }
        let file = place.folder + "/uninterrupted.mp3"
        // A little more, so that the last frame has its followers.
        let minutes = (Double(reference.bytes.count) / Self.bytesPerSecond + 1) / 60
        let renderer = try ServerProcess(
            try Workplace.program("forever-server"),
            [
                "mix", "--data", data, "--at", "\(reference.epoch):0", "--minutes", "\(minutes)",
                "--bitrate", "128",
            ]
                + ["-o", file], log: place.folder + "/uninterrupted.log")
        var waited = 0.0
        while renderer.isRunning, waited < Self.renderSecondsMax {
            usleep(50_000)
            waited += 0.05
        }
        guard renderer.endedWell else {
            renderer.end()
            throw SoakError("the journal cannot be rendered: \(ProcessFile.text(place.folder + "/uninterrupted.log"))")
        }
        return outcome(reference, Self.bytes(file))
    }

    private func outcome(_ reference: Reference, _ rendered: [UInt8]) -> Outcome {
        let size = Int(reference.frameBytes)
        let offset = Self.soundOffset(rendered, frameBytes: size)
        let frames = min(reference.bytes.count, rendered.count - offset) / size
        var different: [Int] = []
        for frame in min(Self.unprimedFrames, frames)..<frames {
            let mine = reference.bytes[(frame * size)..<((frame + 1) * size)]
            let other = rendered[(offset + frame * size)..<(offset + (frame + 1) * size)]
            if !mine.elementsEqual(other) { different.append(frame) }
        }
        guard frames > Self.unprimedFrames else {
            return Outcome(said: "nothing to compare", wrong: "nothing was rendered")
        }
        let said = "\(frames - different.count) of \(frames) frames the same"
        guard let first = different.first else { return Outcome(said: said, wrong: nil) }
        let seconds = different.prefix(12).map { Report.text(Double($0) * 0.024) }.joined(separator: ", ")
        return Outcome(
            said: said,
            wrong: "\(different.count) frames are not those of an uninterrupted encoding, the first at position "
                + "\(first * size); at \(seconds) s")
    }

    /// Where the first frame of sound begins: behind the tag, and the frame that tells how long the file is.
    private static func soundOffset(_ file: [UInt8], frameBytes: Int) -> Int {
        guard file.count > 10 + frameBytes, file.starts(with: Array("ID3".utf8)) else { return 0 }
        let tagBytes = file[6..<10].reduce(0) { $0 << 7 | Int($1) }
        return 10 + tagBytes + frameBytes
    }

    private static func bytes(_ path: String) -> [UInt8] {
        let fd = open(path, O_RDONLY | O_CLOEXEC)
        guard fd >= 0 else { return [] }
        defer { close(fd) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = read(fd, &buffer, buffer.count)
            guard count > 0 else { return bytes }
            bytes += buffer[..<count]
        }
    }
}
