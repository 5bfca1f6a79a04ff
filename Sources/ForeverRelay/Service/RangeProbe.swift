import ForeverHTTP

/// A player's look at the first bytes before it asks for the stream itself (iOS: `Range: bytes=0-1`). Pure.
///
/// The standard answer is 200 and the whole live stream, which iOS plays and then asks for titles; Icecast answers so too.
/// One player was seen that wants 206, so an operator can have that.
enum RangeProbe {
    /// A range that ends later is no probe: somebody wants the sound.
    static let bytesMax: Int64 = 1_024

    /// How many bytes a probe asks for; nil when the request is none.
    static func byteCount(_ request: Request) -> Int64? {
        guard let range = request.headers["Range"], range.lowercased().hasPrefix("bytes=0-") else { return nil }
        let digits = range.utf8.dropFirst("bytes=0-".utf8.count)
        guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }),
            let last = Int64(String(decoding: digits, as: UTF8.self)), last < bytesMax
        else { return nil }
        return last + 1
    }

    /// 206 with these bytes, of a body whose length nobody knows.
    static func answer(_ bytes: [UInt8]) -> Response {
        var response = Response.bytes(bytes, contentType: StreamFormat.contentType, status: Status(206))
        response.headers.add("Content-Range", "bytes 0-\(bytes.count - 1)/*")
        StreamHeaders.addNoCache(to: &response.headers)
        return response
    }
}
