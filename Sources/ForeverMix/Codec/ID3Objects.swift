import Foundation

/// Finds the general encapsulated objects (GEOB) of an ID3v2 tag at a file's beginning, which FFmpeg keeps to itself.
/// After the ID3v2.3 and v2.4 informal standards. Tags that are unsynchronised, compressed or encrypted are passed over.
struct ID3Objects {
    private let file: FileBytes

    init(_ file: FileBytes) { self.file = file }

    /// The data of the first object with that description; nil where there is none that can be read.
    func data(described description: String) -> [UInt8]? {
        guard let head = bytes(at: 0, count: 10), head.starts(with: Array("ID3".utf8)), head[3] == 3 || head[3] == 4,
            head[5] == 0
        else { return nil }
        let end = 10 + Int64(syncsafe(head[6..<10]))
        var at: Int64 = 10
        for _ in 0..<CodecLimits.tagFramesMax {
            guard at + 10 <= end, let frame = bytes(at: at, count: 10), frame[0] != 0 else { return nil }
            let size = head[3] == 4 ? syncsafe(frame[4..<8]) : frame[4..<8].reduce(0) { $0 << 8 | Int($1) }
            guard Int64(size) <= end - at - 10 else { return nil }
            // The second byte of flags tells of all that would make the data something else.
            if frame.starts(with: Array("GEOB".utf8)), frame[9] == 0, size <= CodecLimits.markerBytesMax,
                let body = bytes(at: at + 10, count: size), let data = object(body, described: description)
            {
                return data
            }
            at += 10 + Int64(size)
        }
        return nil
    }

    /// Encoding, type, file name, description, data.
    private func object(_ body: [UInt8], described description: String) -> [UInt8]? {
        guard let encoding = body.first, encoding == 0 || encoding == 3,
            let typeEnd = body.dropFirst().firstIndex(of: 0),
            let nameEnd = body[(typeEnd + 1)...].firstIndex(of: 0),
            let descriptionEnd = body[(nameEnd + 1)...].firstIndex(of: 0),
            body[(nameEnd + 1)..<descriptionEnd].elementsEqual(description.utf8)
        else { return nil }
        return Array(body[(descriptionEnd + 1)...])
    }

    private func syncsafe(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 7 | Int($1 & 0x7f) } }

    private func bytes(at offset: Int64, count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        let done = try? bytes.withUnsafeMutableBytes { buffer throws(CodecError) in
            count == 0 ? 0 : try file.read(at: offset, into: buffer.baseAddress!, count: count)
        }
        return done == count ? bytes : nil
    }
}
